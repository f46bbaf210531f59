-- a formula too deep for whoever walks it
-- told 5: a formula of more than 1000 operations inside each other: is it written in a loop?
local z = zone "z" { timezone = "UTC" }
local m = measure "m" { kind = "flow", unit = "a", every = "day" }
for i = 1, 2000 do m = m + i end
