-- an error that is nothing
-- told 4: raised a nil, not a text
return function()
  error()
end
