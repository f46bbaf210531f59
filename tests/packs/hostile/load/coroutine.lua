-- a chain of coroutines, each waking the next
-- told 6:13: 'coroutine' is not offered to packs
zone "z" { timezone = "UTC" }
local f = function() return 1 end
for _ = 1, 1000 do
  local g = coroutine.wrap(f)
  f = function() return g() end
end
