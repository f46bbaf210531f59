-- sorting a list that says it is huge
-- told 5: this takes more than 1000000 instructions: is there an endless loop?
return function()
  local t = setmetatable({}, { __len = function() return 1 << 40 end })
  table.sort(t)
end
