-- figures of ten thousand periods ago, each another column of cells
-- told 6: this takes more than 1000000 instructions: is there an endless loop?
local sales = require "figures"
return function(at)
  local n = 0
  for i = 1, 10000 do n = n + (at.value(sales, nil, -i) or 0) end
  return n
end
-- load none
