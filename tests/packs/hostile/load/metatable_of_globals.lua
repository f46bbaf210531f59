-- another metatable for the globals
-- told 4: this table's metatable is not to be changed
zone "z" { timezone = "UTC" }
setmetatable(_ENV, { __index = function() return 1 end })
