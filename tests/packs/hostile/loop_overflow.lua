-- a step that runs over the largest integer: Lua ends the loop, the second one never ends
-- told 6: this takes more than 1000000 instructions: is there an endless loop?
return function()
  for _ = math.maxinteger - 1, math.maxinteger do end
  local i = math.maxinteger
  while i < math.huge do i = i + 1 end
end
