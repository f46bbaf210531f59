-- a chain of a thousand tables, walked within one instruction, in a loop
-- told 7: C stack overflow
return function()
  local t = {}
  for _ = 1, 1000 do t = setmetatable({}, { __index = t }) end
  local n = 0
  while true do n = t.x or n end
end
