-- table.concat over a list that grows
-- told 7: this takes more than 1000000 instructions: is there an endless loop?
return function()
  local t = {}
  while true do
    t[#t + 1] = "0123456789"
    local s = table.concat(t)
  end
end
