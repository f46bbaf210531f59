-- backtracking in string.gmatch
-- told 5: this pattern could take too long on a text of 10000 bytes
return function()
  local n = 0
  for _ in ("a"):rep(10000):gmatch("a-a-b") do n = n + 1 end
  return n
end
