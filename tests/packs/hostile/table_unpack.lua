-- table.unpack of a million values
-- told 4: table.unpack gives at most 1000 values
return function()
  return (select("#", table.unpack({}, 1, 1000000)))
end
