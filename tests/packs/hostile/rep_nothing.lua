-- nothing, repeated 10^18 times: it takes no memory, only for ever
-- told 6: this takes more than 1000000 instructions: is there an endless loop?
return function()
  local s = (""):rep(1 << 60)
  local n = 0
  while #s == 0 do n = n + 1 end
end
