-- string.format with a width of five digits
-- told 4: invalid conversion*
return function()
  return #("%99999d"):format(1)
end
