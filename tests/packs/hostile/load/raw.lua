-- a write past the guard of the globals
-- told 4:1: 'rawset' is not offered to packs
zone "z" { timezone = "UTC" }
rawset(_ENV, "leak", 1)
