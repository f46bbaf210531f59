-- a new expression each time
-- told 6: this function has written more than 1000 expressions and texts: write them outside of it
local sales = require "figures"
return function(at)
  local n = 0
  for i = 1, 100000 do n = n + (at.value(sales + i) or 0) end
  return n
end
-- load none
