-- a new text in a formula each time
-- told 5: this function has written more than 1000 expressions and texts: write them outside of it
local sales = require "figures"
return function(at)
  for i = 1, 100000 do local x = sales:where { kind = "k" .. i } end
end
-- load none
