-- all globals by their table
-- told 4:19: '_G' is not offered to packs
zone "z" { timezone = "UTC" }
for k, v in pairs(_G) do error(k) end
