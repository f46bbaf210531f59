-- __concat that concatenates itself
-- told 4: C stack overflow
return function()
  local t = setmetatable({}, { __concat = function(a, b) return a .. b end })
  return t .. "x"
end
