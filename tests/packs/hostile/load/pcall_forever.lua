-- a name that is not there, called for ever
-- told 4:15: 'pcall' is not offered to packs
zone "z" { timezone = "UTC" }
while true do pcall(error) end
-- and 4: this takes more than 1000000 instructions: is there an endless loop?
