-- a result that is no number, and prints for ever if it is asked
-- told 3: a function returns a number or a truth, this one returned a table
return function()
  return setmetatable({}, { __tostring = function() while true do end end })
end
-- load none
