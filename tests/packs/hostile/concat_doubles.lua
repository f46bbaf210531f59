-- a text that doubles
-- told 5: a text is longer than 16384 bytes
return function()
  local s = "x"
  while true do s = s .. s end
end
