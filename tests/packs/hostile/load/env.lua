-- globals of one's own, to reach what was hidden
-- told 6: attempt to call a nil value (global 'zone')
local _ENV = setmetatable({}, { __index = _ENV })
local f = _ENV
_ENV = {}
zone "z" { timezone = "UTC" }
