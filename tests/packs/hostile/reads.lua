-- more figures read than there are
-- told 6: this reads more than 10000 figures in one call
local sales = require "figures"
return function(at)
  local n = 0
  for _ = 1, 1000000 do n = n + (at.value(sales) or 0) end
  return n
end
-- load none
