-- __eq that compares itself
-- told 4: C stack overflow
return function()
  local m = { __eq = function(a, b) return a == b end }
  return setmetatable({}, m) == setmetatable({}, m)
end
