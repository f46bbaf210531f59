-- other globals for all that follow
-- told 3: '_ENV' stands outside of this function and was changed: a function changes nothing outside itself
return function()
  _ENV = { error = function() end }
  return 1
end
-- load none
