-- a loop of goto
-- told 5: this takes more than 1000000 instructions: is there an endless loop?
return function()
  ::again::
  goto again
end
