-- Traffic lights as cities publish them, as the fields of a rule: `must` false is red, `should` false amber, else green.
--
--   local lights = require "zonewatch.lights"
--   rule "growth_light" (lights.plan_and_city { growth = growth, plan = 0.12, city = city_growth, each = land.areas })
--
-- A template takes its own fields out and leaves the rule's (each, why, title, note) as they are. `plan`, `city` and
-- `behind` may be numbers or expressions; all of one period length.
local lights = {}

-- A template's own field, taken out of the rule's.
local function take(rule, template, field, means)
  local value = rule[field]
  if value == nil then
    error("lights." .. template .. " needs " .. field .. " = " .. means, 0)
  end
  rule[field] = nil
  return value
end

-- A copy of what was given: the caller's table stays as it is.
local function copy(fields, template)
  if type(fields) ~= "table" then
    error("lights." .. template .. " takes its fields in { … }", 0)
  end
  local rule = {}
  for field, value in pairs(fields) do
    rule[field] = value
  end
  return rule
end

-- Tianjin's (published 2022). Green: growth is at least the plan's and at least the city's average. Amber: it grows,
-- but by less than one of them. Red: it shrinks. A growth of exactly zero, which the text leaves open, is amber.
function lights.plan_and_city(fields)
  local rule = copy(fields, "plan_and_city")
  local growth = take(rule, "plan_and_city", "growth", "an expression")
  local plan = take(rule, "plan_and_city", "plan", "a number or an expression")
  local city = take(rule, "plan_and_city", "city", "a number or an expression")
  rule.must = growth:at_least(0)
  rule.should = growth:at_least(plan) & growth:at_least(city)
  return rule
end

-- Yinchuan's. Green: the schedule is met. Amber: 10 to 30 points behind it. Red: more than 30. Up to 10 points behind
-- the published text has no colour: `near` must say which, "green" or "amber". `behind` is how far, 0.1 for 10 points;
-- a target's shortfall() is.
function lights.behind_schedule(fields)
  local rule = copy(fields, "behind_schedule")
  local behind = take(rule, "behind_schedule", "behind", "an expression")
  local near_is = take(rule, "behind_schedule", "near", "\"green\" or \"amber\", up to 10 points behind")
  if near_is ~= "green" and near_is ~= "amber" then
    error("lights.behind_schedule: near is \"green\" or \"amber\"", 0)
  end
  rule.must = behind:at_most(0.3)
  rule.should = near_is == "green" and behind:under(0.1) or behind:at_most(0)
  return rule
end

-- Ouhai's (2020). What was red turns amber, not green, when it is made good a period late: green needs it kept in this
-- period and the one before. `kept` is a truth.
function lights.amber_after_red(fields)
  local rule = copy(fields, "amber_after_red")
  local kept = take(rule, "amber_after_red", "kept", "a truth")
  rule.must = kept
  rule.should = kept:held(2)
  return rule
end

return lights
