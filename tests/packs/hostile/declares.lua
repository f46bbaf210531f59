-- a declaration in a call
-- told 4: zone: declarations belong to loading
return function()
  return zone("z" .. 1) { timezone = "UTC" }
end
-- load none
