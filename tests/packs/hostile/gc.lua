-- a finalizer, which runs where no limit holds
-- told 4: setmetatable: __gc is not offered to packs
return function()
  return setmetatable({}, { __gc = function() while true do end end })
end
