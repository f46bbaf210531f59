-- an error raised while another one is on its way, deep down
-- told 4: functions call each other more than 200 deep
return function()
  local function fail() error(("x"):gsub(".", fail)) end
  fail()
end
