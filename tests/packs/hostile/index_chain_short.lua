-- a chain that is just short enough, in a loop
-- told 6: this takes more than 1000000 instructions: is there an endless loop?
return function()
  local t = {}
  for _ = 1, 100 do t = setmetatable({}, { __index = t }) end
  while not t.x do end
end
