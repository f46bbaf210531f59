-- the metatable of texts, changed for everybody
-- told 4: 'string' belongs to everybody and cannot be changed
return function()
  string.len = function() return 0 end
  return ("x"):len()
end
