-- an address as a source of chance
-- told 5: '%p' is not offered: an address is never the same
return function()
  assert(tostring({}) == "table" and tostring(error) == "function")
  return tonumber(("%p"):format({}):sub(3), 16)
end
