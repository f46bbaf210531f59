-- %b walks to the end from every opening bracket
-- told 4: this pattern could take too long on a text of 16000 bytes
return function()
  return ("("):rep(16000):find("%b()%b()")
end
