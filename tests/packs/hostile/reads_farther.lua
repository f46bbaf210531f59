-- a figure of before the earth was there
-- told 5: at takes a whole number of periods in third place, up to 10000
local sales = require "figures"
return function(at)
  return at.value(sales, nil, -2000000000)
end
-- load none
