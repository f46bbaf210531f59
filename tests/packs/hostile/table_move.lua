-- table.move of 10^15 elements
-- told 4: this takes more than 1000000 instructions: is there an endless loop?
return function()
  return #table.move({}, 1, 1 << 50, 2)
end
