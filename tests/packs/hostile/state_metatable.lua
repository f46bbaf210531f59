-- a metatable that is changed from call to call
-- told 5: this table's metatable is not to be changed
local box = { n = 1 }
return function()
  setmetatable(box, { __index = function() return 2 end })
  return box.n
end
-- load none
