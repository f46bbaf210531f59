-- a table that grows while it is walked
-- told 6: this takes more than 1000000 instructions: is there an endless loop?
return function()
  local t, n = { 1 }, 1
  while true do
    for k in pairs(t) do n = n + 1 t[n] = k end
  end
end
