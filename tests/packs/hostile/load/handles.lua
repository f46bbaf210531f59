-- a handle that is written to
-- told 4: zone "z" cannot be changed: everything about it stands inside its braces
local z = zone "z" { timezone = "UTC" }
z.timezone = "Asia/Shanghai"
