-- what a function reads, redefined while loading goes on: what holds is what stood at the end, for good
-- told 6: it is the second
local chosen = function() return "first" end
local function attack()
  if chosen then
    error("it is the " .. chosen())
  end
  chosen = nil
end
chosen = function() return "second" end
return attack
