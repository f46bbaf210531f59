-- the debug library
-- told 4:1: 'debug' is not offered to packs
zone "z" { timezone = "UTC" }
debug.sethook()
