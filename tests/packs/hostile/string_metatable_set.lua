-- a metatable of one's own for a text
-- told 4: bad argument #1 to 'setmetatable' (table expected, got string)
return function()
  return setmetatable("x", { __index = {} })
end
