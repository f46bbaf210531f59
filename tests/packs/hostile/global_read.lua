-- a library reached by a name that only exists at run time
-- told 4: 'os' is not offered to packs
return function()
  return _ENV["o" .. "s"].time()
end
