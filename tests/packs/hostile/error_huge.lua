-- an error of 16 000 bytes
-- told 4: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx*
return function()
  error(("x"):rep(16000))
end
