-- small tables until nothing is left
-- told 5: the pack needs more than 8388608 bytes of memory to load
zone "z" { timezone = "UTC" }
local last = {}
while true do last = { last } end
