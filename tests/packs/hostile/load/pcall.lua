-- pcall that swallows the end of the budget
-- told 4:15: 'pcall' is not offered to packs
zone "z" { timezone = "UTC" }
while true do pcall(function() while true do end end) break end
