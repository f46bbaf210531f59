-- a file outside of the pack
-- told 4:1: 'dofile' is not offered to packs
zone "z" { timezone = "UTC" }
dofile("/etc/passwd")
