-- a table that is called, whose __call is a table that is called …
-- told 5: setmetatable: __call takes a function
return function()
  local t = {}
  setmetatable(t, { __call = t })
  return t()
end
