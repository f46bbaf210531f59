-- table.concat over a list that is not there
-- told 5: this takes more than 1000000 instructions: is there an endless loop?
return function()
  local t = setmetatable({}, { __index = function() return "" end })
  return table.concat(t, "", 1, 1 << 50)
end
