-- a closer that never ends
-- told 4: setmetatable: __close is not offered to packs
return function()
  local x <close> = setmetatable({}, { __close = function() while true do end end })
end
