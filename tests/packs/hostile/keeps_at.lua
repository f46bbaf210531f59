-- the reader, kept for later
-- told 5: this table belongs to the pack: a function changes nothing outside itself
local kept = {}
return function(at)
  kept.at = at
  return 1
end
-- load none
