-- a thousand values, counted over and over
-- told 5: this takes more than 1000000 instructions: is there an endless loop?
return function()
  local function count(...)
    while true do local n = select("#", ...) end
  end
  return count(table.unpack({}, 1, 1000))
end
