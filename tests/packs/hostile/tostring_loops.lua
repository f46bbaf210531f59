-- __tostring that never ends
-- told 4: this takes more than 1000000 instructions: is there an endless loop?
return function()
  return tostring(setmetatable({}, { __tostring = function() while true do end end }))
end
