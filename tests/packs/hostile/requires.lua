-- a file read in a call
-- told 4: require belongs to loading
return function()
  return require("loop")
end
-- load none
