-- a table that grows and is kept
-- told 5: this takes more than 1000000 instructions: is there an endless loop?
return function()
  local t = {}
  while true do t[#t + 1] = { #t } end
end
