-- Where the plan wants to be, by when. "Over" means over: a value equal to the goal does not meet it.

local places = require "zone"
local m = require "measures"
local i = require "indicators"

local yi = 1e8 -- 100 million

-- Goal 1: software revenue over 600 in 2022 and over 900 in 2025 (1e8 CNY).
local revenue_plan = target "revenue_plan" {
  i.revenue_year,
  each = places.gz,
  title = { en = "Software revenue over 600 in 2022, over 900 in 2025 (1e8 CNY)", zh = "软件业营收2022年超600亿元、2025年超900亿元" },
  note = "Followed monthly by the trailing year, on a path of even growth from the 442 of 2020.",
  over = { [2022] = 600*yi, [2025] = 900*yi },
  from = { [2020] = 442*yi },
  path = "geometric",
}

-- The same goal of 2025, followed inside the year. By end-June less than 45 % of a year is in, so a
-- straight line would call every June bad; the season of the last three full years does not.
local revenue_season = target "revenue_season" {
  i.revenue_year,
  each = places.gz,
  title = { en = "Software revenue against the season, to over 900 in 2025", zh = "2025年超900亿元的季节性进度" },
  over = { [2025] = 900*yi },
  from = { [2022] = 600*yi },
  path = "seasonal",
}

-- Goal 2: key enterprises over 1000 in 2022 and over 1300 in 2025.
local key_enterprise_plan = target "key_enterprise_plan" {
  m.key_enterprises,
  each = places.gz,
  title = { en = "Key enterprises over 1000 in 2022, over 1300 in 2025", zh = "重点企业2022年超1000家、2025年超1300家" },
  note = "The stock at the end of the year.",
  over = { [2022] = 1000, [2025] = 1300 },
  from = { [2020] = 780 },
  path = "geometric",
}

-- Goal 3: new enterprises over 500 by 2022 and over 800 by 2025. Two targets, because the two goals
-- count from different years (see indicators.lua for the reading).
local new_enterprise_plan_2022 = target "new_enterprise_plan_2022" {
  i.new_in_two_years,
  each = places.gz,
  title = { en = "Over 500 new enterprises by 2022", zh = "到2022年新增企业超500家" },
  note = "Reading: since January 2021.",
  over = { [2022] = 500 },
  path = "step",
}

local new_enterprise_plan_2025 = target "new_enterprise_plan_2025" {
  i.new_in_three_years,
  each = places.gz,
  title = { en = "Over 800 new enterprises by 2025", zh = "到2025年新增企业超800家" },
  note = "Reading: since January 2023. Since January 2021 it would be five years; new_in_five_years shows them.",
  over = { [2025] = 800 },
  path = "step",
}

-- Goal 4: digitalisation coverage over half in 2025.
local coverage_plan = target "coverage_plan" {
  i.coverage,
  each = places.gz,
  title = { en = "Digitalisation coverage over half in 2025", zh = "2025年产业数字化覆盖率过半" },
  over = { [2025] = 0.5 },
}

-- Beside the four: penetration "keeps rising" to 2022, a direction: each year's change is over 0.
local penetration_plan = target "penetration_plan" {
  i.penetration_change,
  each = places.gz,
  title = { en = "Digitalisation penetration keeps rising to 2022", zh = "到2022年产业数字化渗透率不断提升" },
  over = { [2021] = 0, [2022] = 0 },
  path = "step",
}

indicator "revenue_gap" {
  revenue_plan:gap(),
  title = { en = "Behind the path, trailing year", zh = "近一年营收落后于进度" },
  note = "Negative: ahead.",
  show = "1e8 CNY",
}

indicator "revenue_required_growth" {
  revenue_plan:required_growth(),
  title = { en = "Growth a year still required", zh = "实现目标尚需年均增速" },
  show = "%",
}

indicator "revenue_projected" {
  revenue_season:projected(),
  title = { en = "Where the year is heading, by its season", zh = "按季节推算的全年营收" },
  show = "1e8 CNY",
}

return {
  revenue_plan = revenue_plan,
  revenue_season = revenue_season,
  key_enterprise_plan = key_enterprise_plan,
  new_enterprise_plan_2022 = new_enterprise_plan_2022,
  new_enterprise_plan_2025 = new_enterprise_plan_2025,
  coverage_plan = coverage_plan,
  penetration_plan = penetration_plan,
}
