-- formulas without end
-- told 5: this takes more than 1000000 instructions: is there an endless loop?
local z = zone "z" { timezone = "UTC" }
local m = measure "m" { kind = "flow", unit = "a", every = "day" }
for i = 1, math.huge do local x = m * i end
