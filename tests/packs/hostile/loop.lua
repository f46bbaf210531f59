-- an endless loop
-- told 5: this takes more than 1000000 instructions: is there an endless loop?
return function()
  local n = 0
  while true do n = n + 1 end
end
