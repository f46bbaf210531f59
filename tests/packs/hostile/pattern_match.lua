-- backtracking in string.match
-- told 4: this pattern could take too long on a text of 5000 bytes
return function()
  return ("a"):rep(5000):match("^(a*)*(a*)(a*)b$")
end
