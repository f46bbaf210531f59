-- the metatable of all texts
-- told 4:1: 'getmetatable' is not offered to packs
zone "z" { timezone = "UTC" }
getmetatable("").__index = nil
