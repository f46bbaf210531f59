-- backtracking in string.gsub
-- told 4: this pattern could take too long on a text of 16000 bytes
return function()
  return #("ab"):rep(8000):gsub("(a?b?)*%1-$", "%0%0")
end
