-- a long text read as a number, over and over
-- told 6: this takes more than 1000000 instructions: is there an endless loop?
return function()
  local s, n = (" "):rep(16000), 0
  while true do
    n = tonumber(s) or n
  end
end
