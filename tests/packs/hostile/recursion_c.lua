-- recursion through the library: gsub's callback matches again
-- told 4: C stack overflow
return function()
  local function again(s) return (s:gsub(".", again)) end
  return again("x")
end
