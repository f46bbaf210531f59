-- Worked examples, by hand. Given figures are in the unit of the forms (revenue: 1e4 CNY, so 10 000
-- of them are one 1e8 CNY); expected numbers are without scale (CNY, firms, 0.5 for 50 %).

local places = require "zone"
local m = require "measures"
local i = require "indicators"
local t = require "targets"
local r = require "rules"
local a = require "alerts"
local china = require "china"

local yi = 1e8
local gz = places.gz
local haizhu, town = places.pazhou_haizhu, places.university_town
local city, yuzhu = places.finance_city, places.yuzhu

-- The revenue goal of 2022 -----------------------------------------------------------------------

-- December totals, 1e8 CNY: first 320.0 + 34.2 + 120.6 + 128.4 = 603.2, over 600.
-- The verification of 15 June 2023 takes 4.5 off Pazhou:  315.5 + 34.2 + 120.6 + 128.4 = 598.7.
local first, verified = "2023-01-20T10:00:00+08:00", "2023-06-15T10:00:00+08:00"
local year_2022 = {
  [haizhu] = { ["2022-12"] = { { 3200000, known_at = first, status = "P" }, { 3155000, known_at = verified } } },
  [town] = { ["2022-12"] = { { 342000, known_at = first, status = "P" }, { 342000, known_at = verified } } },
  [city] = { ["2022-12"] = { { 1206000, known_at = first, status = "P" }, { 1206000, known_at = verified } } },
  [yuzhu] = { ["2022-12"] = { { 1284000, known_at = first, status = "P" }, { 1284000, known_at = verified } } },
}

test "in spring 2023 the 2022 revenue goal is met, provisionally" {
  at = "2023-03-01",
  given = { [m.software_revenue] = year_2022 },
  expect = {
    [i.revenue_year] = { [gz] = { [2022] = 603.2*yi }, [places.pazhou_core] = { [2022] = 354.2*yi } },
    [t.revenue_plan] = { [gz] = { [2022] = "met_provisional" } },
  },
}

test "the verification withdraws the 2022 revenue goal" {
  given = { [m.software_revenue] = year_2022 },
  expect = {
    [i.revenue_year] = { [gz] = { [2022] = 598.7*yi } },
    [t.revenue_plan] = { [gz] = { [2022] = "met_then_revised_below" } },
    [a.revenue_verdict_withdrawn] = { [gz] = { ["2023-05"] = "ok", ["2023-06"] = "critical" } },
    [a.figure_revised] = { [haizhu] = { ["2023-06"] = "warning" } },
  },
}

-- The path, 442 in 2020 to 600 in 2022, grows by 600 / 442 = 1.35747 in 24 months:
--   February 2021  442 * 1.35747 ^ (2/24) = 453.4    trailing year 442 -  53 +  56 = 445: 1.9 % behind
--   March          442 * 1.35747 ^ (3/24) = 459.2                  442 -  89 +  93 = 446: 2.9 % behind
--   April          442 * 1.35747 ^ (4/24) = 465.1                  442 - 120 + 142 = 464: 0.2 % behind
-- Over 1 % in one month waits, in two it speaks; under 0.5 % it is over.
test "one bad month waits, two speak, a good one ends it" {
  given = { [m.software_revenue] = { [gz] = {
    ["2020-02"] = 530000, ["2020-03"] = 890000, ["2020-04"] = 1200000, ["2020-12"] = 4420000,
    ["2021-02"] = 560000, ["2021-03"] = 930000, ["2021-04"] = 1420000,
  } } },
  expect = {
    [t.revenue_plan] = { [gz] = { [2022] = "not_due_at_risk" } },
    [a.revenue_behind] = { [gz] = {
      ["2020-12"] = "ok", ["2021-02"] = "pending", ["2021-03"] = "warning", ["2021-04"] = "ok",
    } },
  },
}

-- The other goals --------------------------------------------------------------------------------

-- Twelve months: eleven equal ones and a December.
local function months(years)
  local figures = {}
  for year, number in pairs(years) do
    for month = 1, 11 do
      figures[year .. (month < 10 and "-0" or "-") .. month] = number.each
    end
    figures[year .. "-12"] = number.december
  end
  return figures
end

-- 2021: 11 * 20 + 42 = 262.  2022: 11 * 24 + 22 = 286.  Together 548, over 500.
test "new enterprises are counted over two years for the goal of 2022" {
  given = { [m.new_enterprises] = { [gz] = months {
    [2021] = { each = 20, december = 42 }, [2022] = { each = 24, december = 22 },
  } } },
  expect = {
    [i.new_in_two_years] = { [gz] = { [2021] = missing, [2022] = 548 } },
    [t.new_enterprise_plan_2022] = { [gz] = { [2022] = "met_final" } },
  },
}

-- 11 * 22 + 8 = 250, 11 * 22 + 18 = 260, 11 * 25 + 15 = 290.  Together exactly 800: not over 800.
test "exactly eight hundred is not over eight hundred" {
  given = { [m.new_enterprises] = { [gz] = months {
    [2023] = { each = 22, december = 8 }, [2024] = { each = 22, december = 18 }, [2025] = { each = 25, december = 15 },
  } } },
  expect = {
    [i.new_in_three_years] = { [gz] = { [2025] = 800 } },
    [t.new_enterprise_plan_2025] = { [gz] = { [2025] = "missed_final" } },
    [a.new_enterprise_goal_missed] = { [gz] = { ["2026-01"] = "critical" } },
  },
}

-- 1287 is 13 short of being 1300, and the goal is over it.
test "the key enterprises of 2025 miss their goal" {
  given = { [m.key_enterprises] = {
    [haizhu] = { ["2022-Q4"] = 420, ["2025-Q4"] = { 520, known_at = "2026-01-20T10:00:00+08:00" } },
    [town] = { ["2022-Q4"] = 140, ["2025-Q4"] = { 187, known_at = "2026-01-20T10:00:00+08:00" } },
    [city] = { ["2022-Q4"] = 240, ["2025-Q4"] = { 290, known_at = "2026-01-20T10:00:00+08:00" } },
    [yuzhu] = { ["2022-Q4"] = 212, ["2025-Q4"] = { 290, known_at = "2026-01-20T10:00:00+08:00" } },
  } },
  expect = {
    -- 420 + 140 + 240 + 212 = 1012;  520 + 187 + 290 + 290 = 1287
    [m.key_enterprises] = { [gz] = { ["2022-Q4"] = 1012, ["2025-Q4"] = 1287 } },
    [t.key_enterprise_plan] = { [gz] = { [2022] = "met_final", [2025] = "missed_final" } },
    [a.key_enterprise_goal_missed] = { [gz] = { ["2025-12"] = "ok", ["2026-01"] = "critical" } },
  },
}

-- 1204 / 2408 = 0.5 exactly.  With the late returns 1219 / 2428 = 0.5 + 5 / 2428 = 0.502059.
local on_time, late_returns = "2026-01-20T10:00:00+08:00", "2026-02-28T10:00:00+08:00"
local survey = {
  [m.digital_surveyed] = { [gz] = { ["2025-Q4"] = {
    { 2408, known_at = on_time, status = "P" }, { 2428, known_at = late_returns },
  } } },
  [m.digital_covered] = { [gz] = { ["2025-Q4"] = {
    { 1204, known_at = on_time, status = "P" }, { 1219, known_at = late_returns },
  } } },
}

test "exactly half is not over half" {
  at = "2026-02-01",
  given = survey,
  expect = {
    [i.coverage] = { [gz] = { ["2025-Q4"] = 0.5 } },
    [t.coverage_plan] = { [gz] = { [2025] = "missed_provisional" } },
    [a.coverage_only_equal] = { [gz] = { ["2026-01"] = "info" } },
    [a.coverage_goal_missed] = { [gz] = { ["2026-01"] = "warning" } },
  },
}

test "late returns carry coverage over half" {
  given = survey,
  expect = {
    [i.coverage] = { [gz] = { ["2025-Q4"] = near(0.502059, 0.000001) } },
    [t.coverage_plan] = { [gz] = { [2025] = "missed_then_revised_above" } },
    [a.coverage_only_equal] = { [gz] = { ["2026-02"] = "ok" } },
  },
}

-- 35.1 - 33.4 = 1.7 and 36.9 - 35.1 = 1.8 points up, then 36.6 - 36.9 = 0.3 down.
test "penetration keeps rising to 2022 and falls in 2023" {
  given = { [m.digital_penetration] = { [gz] = { [2020] = 33.4, [2021] = 35.1, [2022] = 36.9, [2023] = 36.6 } } },
  expect = {
    [i.penetration_change] = { [gz] = { [2021] = near(0.017, 1e-9), [2023] = near(-0.003, 1e-9) } },
    [t.penetration_plan] = { [gz] = { [2021] = "met_final", [2022] = "met_final" } },
    [r.penetration_rises] = { [gz] = { [2022] = true, [2023] = false } },
    [a.penetration_fell] = { [gz] = { [2022] = "ok", [2023] = "warning" } },
  },
}

-- The sub-areas ----------------------------------------------------------------------------------

-- Running totals of years whose four quarters are equal.
local function even_quarters(totals)
  local figures = {}
  for year, total in pairs(totals) do
    for quarter, month in ipairs { "-03", "-06", "-09", "-12" } do
      figures[year .. month] = total * quarter / 4
    end
  end
  return figures
end

-- 2021: Pazhou core (500 + 100) of 1000 is 60 %.  2022: (380 + 100) of 1000 is 48 %.
-- To the third quarter of 2022: a quarter of 600 and three of 480, 150 + 360 = 510 of 1000, 51 %.
test "Pazhou keeps half of the zone's revenue" {
  given = { [m.software_revenue] = {
    [haizhu] = even_quarters { [2021] = 500, [2022] = 380 },
    [town] = even_quarters { [2021] = 100, [2022] = 100 },
    [city] = even_quarters { [2021] = 250, [2022] = 320 },
    [yuzhu] = even_quarters { [2021] = 150, [2022] = 200 },
  } },
  expect = {
    [i.zone_share] = { [places.pazhou_core] = { ["2021-Q4"] = 0.6, ["2022-Q3"] = 0.51, ["2022-Q4"] = 0.48 } },
    [r.pazhou_anchors] = { [places.pazhou_core] = { ["2021-Q4"] = true, ["2022-Q3"] = true, ["2022-Q4"] = false } },
    [a.balance_lost] = { [places.pazhou_core] = { ["2022-Q3"] = "ok", ["2022-Q4"] = "warning" } },
  },
}

-- 2023: Pazhou core (60 + 5) of 100.  2024: (70 + 10) of 100, more than seven tenths.
test "no sub-area carries all" {
  given = { [m.software_revenue] = {
    [haizhu] = { ["2023-12"] = 60, ["2024-12"] = 70 },
    [town] = { ["2023-12"] = 5, ["2024-12"] = 10 },
    [city] = { ["2023-12"] = 20, ["2024-12"] = 12 },
    [yuzhu] = { ["2023-12"] = 15, ["2024-12"] = 8 },
  } },
  expect = {
    [r.no_area_carries_all] = { [gz] = { [2023] = true, [2024] = false } },
    [a.one_area_carries_all] = { [gz] = { [2023] = "ok", [2024] = "warning" } },
  },
}

-- The zone grows from 150 to 168 and from 300 to 336: 12 %.  Finance City from 30 to 31.5 and from 60
-- to 63: 5 %.  Seven points slower; one such quarter waits, two speak.
test "a sub-area that falls behind twice is spoken of" {
  given = { [m.software_revenue] = {
    [gz] = { ["2023-03"] = 150, ["2023-06"] = 300, ["2024-03"] = 168, ["2024-06"] = 336 },
    [city] = { ["2023-03"] = 30, ["2023-06"] = 60, ["2024-03"] = 31.5, ["2024-06"] = 63 },
  } },
  expect = {
    [i.growth_lag] = { [city] = { ["2024-Q1"] = near(0.07, 1e-9), ["2024-Q2"] = near(0.07, 1e-9) } },
    [r.keeps_pace] = { [city] = { ["2024-Q1"] = false, ["2024-Q2"] = false } },
    [a.lagging] = { [city] = { ["2024-Q1"] = "pending", ["2024-Q2"] = "warning" } },
  },
}

-- The reports ------------------------------------------------------------------------------------

-- May 2024 is due by the end of 20 June. Yuzhu's figure comes on 26 July: late from 21 June, thirty
-- days more than late from 21 July. Until then the zone has no May: three parts in four are no total.
local april, may, filled = "2024-05-20T10:00:00+08:00", "2024-06-18T10:00:00+08:00", "2024-07-26T10:00:00+08:00"
local spring_2024 = {
  [haizhu] = { ["2024-04"] = { 900000, known_at = april }, ["2024-05"] = { 1200000, known_at = may } },
  [town] = { ["2024-04"] = { 100000, known_at = april }, ["2024-05"] = { 150000, known_at = may } },
  [city] = { ["2024-04"] = { 400000, known_at = april }, ["2024-05"] = { 500000, known_at = may } },
  [yuzhu] = { ["2024-04"] = { 500000, known_at = april }, ["2024-05"] = { 650000, known_at = filled } },
}

test "a part that is not in is not zero" {
  at = "2024-07-16",
  given = { [m.software_revenue] = spring_2024 },
  expect = {
    -- 90 + 10 + 40 + 50 = 190 in April
    [m.software_revenue] = { [gz] = { ["2024-04"] = 190*yi, ["2024-05"] = missing }, [yuzhu] = { ["2024-05"] = missing } },
    [a.returns_late] = { [yuzhu] = { ["2024-07-15"] = "warning" } },
  },
}

test "a return a month late is critical, and the total stands once it is in" {
  given = { [m.software_revenue] = spring_2024 },
  expect = {
    -- 120 + 15 + 50 + 65 = 250 in May
    [m.software_revenue] = { [gz] = { ["2024-05"] = 250*yi } },
    [a.returns_late] = { [yuzhu] = { ["2024-07-24"] = "critical" } },
  },
}

-- 95.6 after 98.9 is a fall of 3.3; corrected to 115.6 four days later.
test "a running total that falls is told, and so is its correction" {
  given = { [m.software_revenue] = { [yuzhu] = {
    ["2025-06"] = { 989000, known_at = "2025-07-20T10:00:00+08:00" },
    ["2025-07"] = {
      { 956000, known_at = "2025-08-20T10:00:00+08:00" }, { 1156000, known_at = "2025-08-24T10:00:00+08:00" },
    },
  } } },
  expect = {
    [m.software_revenue] = { [yuzhu] = { ["2025-07"] = 115.6*yi } },
    [a.total_fell] = { [yuzhu] = { ["2025-08-21"] = "critical" } },
    [a.figure_revised] = { [yuzhu] = { ["2025-08-25"] = "warning" } },
  },
}

-- 575 000 is 57.5 of 1e8 CNY; the file of 19 August 2021 has it ten thousandfold. It waits outside;
-- the right file of the 25th is 575 000 / 500 000 = 1.15 times the year before and is taken. The slip
-- still waits for somebody to refuse it.
test "a slip of the unit is held, and the right file taken" {
  given = { [m.software_revenue] = { [city] = {
    ["2020-07"] = 500000,
    ["2021-07"] = {
      { 5750000000, known_at = "2021-08-19T10:00:00+08:00" }, { 575000, known_at = "2021-08-25" },
    },
  } } },
  expect = {
    [m.software_revenue] = { [city] = { ["2021-07"] = 57.5*yi } },
    [a.unit_slip] = {
      [city] = { ["2021-08-18"] = "ok", ["2021-08-19"] = "critical", ["2021-08-26"] = "critical" },
      [yuzhu] = { ["2021-08-26"] = "ok" },
    },
    [a.figure_revised] = { [city] = { ["2021-08-26"] = "ok" } },
  },
}

-- The nation -------------------------------------------------------------------------------------

-- 2024: 137 276 / 123 258 = 1.113729, published + 10.0 %: 1.4 points apart, no alert.
-- March 2023: 24 415 / 20 060 = 1.217099, published + 13.5 %: 8.2 points apart.
-- To pass 140 000 after 137 276, 2025 must grow by 140 000 / 137 276 - 1 = 1.9843 %.
test "published growth and the ratio of levels are two things" {
  given = {
    [china.revenue] = { [china.zone] = {
      ["2022-03"] = 20060, ["2023-03"] = 24415, ["2023-12"] = 123258, ["2024-12"] = 137276,
    } },
    [china.growth] = { [china.zone] = { ["2023-03"] = 13.5, ["2024-12"] = 10.0 } },
  },
  expect = {
    [china.published] = { [china.zone] = { ["2023-03"] = 0.135, ["2024-12"] = 0.1 } },
    [china.by_levels] = { [china.zone] = {
      ["2023-03"] = near(0.217099, 0.000001), ["2024-12"] = near(0.113729, 0.000001),
    } },
    [china.apart] = { [china.zone] = { ["2024-12"] = near(0.013729, 0.000001) } },
    [china.growth_apart] = { [china.zone] = { ["2023-03"] = "info" } },
    [china.plan:required_growth()] = { [china.zone] = { ["2024-12"] = near(0.019843, 0.000001) } },
  },
}
