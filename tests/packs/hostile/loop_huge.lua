-- a loop to infinity, over the whole numbers
-- told 5: this takes more than 1000000 instructions: is there an endless loop?
return function()
  local n = 0
  for i = 1, math.huge do n = n | i end
  return n
end
