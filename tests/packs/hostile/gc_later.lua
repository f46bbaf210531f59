-- a finalizer that is put into the metatable when it is set: only the copy counts
-- told 8: this takes more than 1000000 instructions: is there an endless loop?
return function()
  local m = { __index = {} }
  local t = setmetatable({}, m)
  m.__gc = function() while true do end end
  t = nil
  while true do m = { m and nil } end
end
