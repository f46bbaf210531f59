-- utf8.char in a storm
-- told 5: a text is longer than 16384 bytes
return function()
  local s = ""
  while true do s = s .. utf8.char(0x7FFFFFFF, 0x10FFFF, 0x4E2D) end
end
