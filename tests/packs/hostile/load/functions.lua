-- functions handed in without end
-- told 5: this takes more than 1000000 instructions: is there an endless loop?
local z = zone "z" { timezone = "UTC" }
for i = 1, math.huge do
  rule("r" .. i) { must = function() return i > 0 end, every = "day" }
end
