-- require that climbs out of what packs share
-- told 4:9: require "zonewatch...x": expected "a.b" for the pack's a/b.lua, or "zonewatch.x"
zone "z" { timezone = "UTC" }
require "zonewatch...x"
