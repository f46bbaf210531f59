-- require that climbs out of the pack
-- told 4:9: require "../x": expected "a.b" for the pack's a/b.lua, or "zonewatch.x"
zone "z" { timezone = "UTC" }
require "../x"
