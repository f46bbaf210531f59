-- string.format of a long text, over and over
-- told 6: this takes more than 1000000 instructions: is there an endless loop?
return function()
  local s, n = ("x"):rep(16000), 0
  while true do
    n = n + #("%.1s"):format(s)
  end
end
