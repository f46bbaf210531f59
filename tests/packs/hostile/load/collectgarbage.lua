-- a collector that is stopped
-- told 4:1: 'collectgarbage' is not offered to packs
zone "z" { timezone = "UTC" }
collectgarbage("stop")
