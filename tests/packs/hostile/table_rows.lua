-- tables of tables, small ones, that no block shows
-- told 5: this takes more than 1000000 instructions: is there an endless loop?
return function()
  local last = {}
  while true do last = { last, {}, {} } end
end
