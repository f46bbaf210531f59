-- table.unpack over a range that wraps around
-- told 4: table.unpack gives at most 1000 values
return function()
  return (select("#", table.unpack({}, math.mininteger, math.maxinteger)))
end
