-- tables as keys, whose order would be that of their addresses
-- told 5: a table as a key has no order: use numbers, texts or handles
return function()
  local n = 0
  for k in pairs({ [{}] = 1, [{}] = 2 }) do n = n + 1 end
  return n
end
