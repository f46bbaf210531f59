-- a mistake without end
-- told 5: this takes more than 1000000 instructions: is there an endless loop?
-- and 5:37: zone "z" has no attribute 'timezon'*
local z = zone "z" { timezone = "UTC" }
for i = 1, math.huge do local x = z.timezon end
