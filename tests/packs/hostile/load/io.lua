-- a program run by the machine
-- told 5:11: 'io' is not offered to packs
-- and 6:1: 'os' is not offered to packs
zone "z" { timezone = "UTC" }
local f = io.popen("id")
os.execute("id")
