-- an order that contradicts itself, on a list that is sorted over and over
-- told 6: this takes more than 1000000 instructions: is there an endless loop?
return function()
  local t = {}
  for i = 1, 300 do t[i] = i end
  while true do table.sort(t, function() return true end) end
end
