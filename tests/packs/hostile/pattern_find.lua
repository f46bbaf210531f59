-- backtracking in string.find
-- told 4: this pattern could take too long on a text of 40 bytes
return function()
  return ("a"):rep(40):find((".-"):rep(20) .. "b")
end
