-- __index that asks for itself
-- told 4: C stack overflow
return function()
  return setmetatable({}, { __index = function(t, k) return t[k] end }).x
end
