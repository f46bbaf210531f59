-- utf8.charpattern over a long text
-- told 5: this pattern could take too long on a text of 15000 bytes
return function()
  local n = 0
  for _ in ("广"):rep(5000):gmatch(utf8.charpattern) do n = n + 1 end
  return n
end
