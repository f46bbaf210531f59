-- a function that calls itself for ever
-- told 4: functions call each other more than 200 deep
return function()
  local function down(n) return 1 + down(n + 1) end
  return down(1)
end
