-- text, or compiled code, that becomes a function
-- told 4:11: 'load' is not offered to packs
zone "z" { timezone = "UTC" }
local f = load("\27Lua" .. ("x"):rep(100), "=x", "b")
