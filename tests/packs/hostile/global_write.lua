-- a global made by a name that only exists at run time
-- told 5: a global 'leak' leaks: write local leak
return function()
  local name = "le" .. "ak"
  _ENV[name] = 1
  return _ENV[name]
end
