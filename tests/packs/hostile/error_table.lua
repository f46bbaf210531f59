-- an error that is a table with a __tostring that never ends
-- told 4: raised a table, not a text
return function()
  error(setmetatable({}, { __tostring = function() while true do end end }))
end
