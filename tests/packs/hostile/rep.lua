-- string.rep of a gigabyte
-- told 4: a text is longer than 16384 bytes
return function()
  return #("x"):rep(1 << 30)
end
