-- the same by an older name
-- told 4:11: 'loadstring' is not offered to packs
zone "z" { timezone = "UTC" }
local f = loadstring("return 1")
