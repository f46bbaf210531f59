-- areas without end
-- told 4: this takes more than 1000000 instructions: is there an endless loop?
local z = zone "z" { timezone = "UTC" }
for i = 1, math.huge do area("a" .. i) { within = z } end
