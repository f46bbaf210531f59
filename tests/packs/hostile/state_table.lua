-- a table that keeps what was seen
-- told 5: this table belongs to the pack: a function changes nothing outside itself
local seen = {}
return function()
  seen[#seen + 1] = 1
  return #seen
end
-- load none
