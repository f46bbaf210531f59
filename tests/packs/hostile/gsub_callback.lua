-- gsub with a function that never returns
-- told 4: this takes more than 1000000 instructions: is there an endless loop?
return function()
  return ("abc"):gsub(".", function() while true do end end)
end
