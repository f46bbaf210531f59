-- require of an absolute path
-- told 4:9: require "/etc/passwd": expected "a.b" for the pack's a/b.lua, or "zonewatch.x"
zone "z" { timezone = "UTC" }
require "/etc/passwd"
