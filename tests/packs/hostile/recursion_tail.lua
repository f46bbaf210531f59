-- tail calls without end
-- told 4: this takes more than 1000000 instructions: is there an endless loop?
return function()
  local function round(n) return round(n + 1) end
  return round(1)
end
