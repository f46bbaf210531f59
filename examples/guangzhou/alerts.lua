-- Who must hear of what, and the words. The program adds to each text whether what it read is
-- synthetic or provisional.

local places = require "zone"
local m = require "measures"
local i = require "indicators"
local t = require "targets"
local r = require "rules"

-- The reports ------------------------------------------------------------------------------------

-- Every month of every reporting area is judged by itself: two late months are two alerts.
local returns_late = alert "returns_late" {
  each = places.reporting, per = "period",
  title = { en = "Monthly return is late", zh = "月报逾期" },
  warning = m.software_revenue:late(),
  critical = m.software_revenue:late "30d",
  say = {
    en = "The {period} revenue return of {area} was due {due} and is {late_days} days late.",
    zh = "{area}{period}营收月报应于{due}前报送,已逾期{late_days}天。",
  },
}

-- 万元 under the heading 亿元 is ten thousand times the figure, the other way round a ten-thousandth.
-- Nothing grows a hundredfold in a year: such a delivery waits outside until somebody has asked.
local year_before = m.software_revenue / m.software_revenue:lag "1 year"
local unit_slip = guard "unit_slip" {
  on = m.software_revenue,
  title = { en = "A unit slipped", zh = "疑似单位填错" },
  hold = year_before:over(100) | year_before:under(0.01),
  say = {
    en = "{area}, {period}: {software_revenue} is {value} times the same month a year before. 万元 may stand for 亿元; nothing of the delivery from {source} was stored. Please confirm the unit.",
    zh = "{area}{period}营收为上年同期的{value}倍,疑似把“万元”当作“亿元”,{source}整批已暂存未入库,请确认单位。",
  },
}

-- A running total never falls by activity: it is a revision or a slip.
local total_fell = alert "total_fell" {
  each = places.reporting, per = "period",
  title = { en = "Running total fell", zh = "累计数下降" },
  critical = (m.software_revenue - m.software_revenue:lag(1)):under(0),
  say = {
    en = "The running total of {area} for {period} is {value:1e8 CNY} (1e8 CNY) against the month before. A revision or an error; please check.",
    zh = "{area}{period}累计数较上期变动{value:1e8 CNY}亿元,当月数为负。可能是修订或填错,请核实。",
  },
}

local figure_revised = alert "figure_revised" {
  each = places.reporting, per = "period",
  title = { en = "A figure was revised", zh = "数据修订" },
  warning = m.software_revenue:revised(),
  say = {
    en = "{area} changed its revenue figure for {period}. Computed again: {touched}.",
    zh = "{area}修订了{period}营收数据;随之变化:{touched}。",
  },
}

-- The revenue goal -------------------------------------------------------------------------------

-- One bad month waits, two speak. While a return is late nothing is said: a missing figure is no
-- bad figure.
local revenue_behind = alert "revenue_behind" {
  each = places.gz,
  title = { en = "Revenue is behind the path", zh = "营收落后于目标进度" },
  warning = t.revenue_plan:shortfall():over(0.01),
  critical = t.revenue_plan:shortfall():over(0.05),
  clear = t.revenue_plan:shortfall():under(0.005),
  hold = periods(2), missing = "keep", unless = returns_late,
  say = {
    en = "{zone}, {period}: revenue of the trailing year is {value:%} behind the path to {goal} in {year} (limit {threshold:%}).",
    zh = "{zone}{period}:近一年营收比{year}年目标{goal}的进度落后{value:%}(界限{threshold:%})。",
  },
}

-- The same goal against the season: blue, for the brief.
local season_behind = alert "season_behind" {
  each = places.gz,
  title = { en = "Revenue is behind its season", zh = "营收慢于往年同期进度" },
  info = t.revenue_season:shortfall():over(0.01),
  clear = t.revenue_season:shortfall():under(0.005),
  hold = periods(2), missing = "keep", unless = returns_late,
  say = {
    en = "{zone}: by {period} the year's revenue is {value:%} short of its usual season on the way to {goal} in {year}.",
    zh = "{zone}:截至{period}营收累计数比往年同期进度少{value:%}({year}年目标{goal})。",
  },
}

local revenue_goal_missed = alert "revenue_goal_missed" {
  each = places.gz, per = "period",
  title = { en = "Revenue goal missed", zh = "营收目标未实现" },
  warning = t.revenue_plan:verdict "missed_provisional",
  critical = t.revenue_plan:verdict "missed_final",
  say = {
    en = "The {period} goal of {zone}, software revenue over {goal}, was missed: {value:1e8 CNY} (1e8 CNY).",
    zh = "{zone}{period}年目标“软件业营收超{goal}”未实现:{value:1e8 CNY}亿元。",
  },
}

local revenue_verdict_withdrawn = alert "revenue_verdict_withdrawn" {
  each = places.gz, per = "period",
  title = { en = "A met revenue goal is withdrawn", zh = "营收达标结论撤回" },
  critical = t.revenue_plan:verdict "met_then_revised_below",
  say = {
    en = "First reports put {zone}'s {period} revenue over {goal}. The revised figure, {value:1e8 CNY} (1e8 CNY), is not; the earlier verdict is withdrawn.",
    zh = "{zone}{period}年营收初报已超{goal};修订后为{value:1e8 CNY}亿元,未达标,原达标结论撤回。",
  },
}

-- The other goals --------------------------------------------------------------------------------

local key_enterprise_goal_missed = alert "key_enterprise_goal_missed" {
  each = places.gz, per = "period",
  title = { en = "Key-enterprise goal missed", zh = "重点企业目标未实现" },
  warning = t.key_enterprise_plan:verdict "missed_provisional",
  critical = t.key_enterprise_plan:verdict { "missed_final", "met_then_revised_below" },
  say = {
    en = "The {period} goal of {zone}, key enterprises over {goal}, was missed: {value}.",
    zh = "{zone}{period}年目标“重点企业超{goal}”未实现:{value}。",
  },
}

local new_enterprise_goal_missed = alert "new_enterprise_goal_missed" {
  each = places.gz, per = "period",
  title = { en = "New-enterprise goal missed", zh = "新增企业目标未实现" },
  warning = t.new_enterprise_plan_2022:verdict "missed_provisional"
    | t.new_enterprise_plan_2025:verdict "missed_provisional",
  critical = t.new_enterprise_plan_2022:verdict { "missed_final", "met_then_revised_below" }
    | t.new_enterprise_plan_2025:verdict { "missed_final", "met_then_revised_below" },
  say = {
    en = "The new-enterprise goal of {zone} for {period} was missed.",
    zh = "{zone}{period}年新增企业目标未实现。",
  },
}

local coverage_goal_missed = alert "coverage_goal_missed" {
  each = places.gz, per = "period",
  title = { en = "Coverage goal missed", zh = "覆盖率目标未实现" },
  warning = t.coverage_plan:verdict "missed_provisional",
  critical = t.coverage_plan:verdict { "missed_final", "met_then_revised_below" },
  say = {
    en = "The {period} goal of {zone}, digitalisation coverage over {goal}, is not met: {value:%}.",
    zh = "{zone}{period}年目标“产业数字化覆盖率超{goal}”未实现:{value:%}。",
  },
}

-- "Over half" is not "half": said apart, because a rounded table shows both as 50.00 %.
local coverage_only_equal = alert "coverage_only_equal" {
  each = places.gz,
  title = { en = "Coverage is exactly a half", zh = "覆盖率恰为一半" },
  info = i.coverage:at_least(0.5) & i.coverage:at_most(0.5),
  say = {
    en = "{zone}, {period}: coverage is exactly {value:%}. The goal says over half; equal does not count.",
    zh = "{zone}{period}:覆盖率恰为{value:%};目标为“过半”,相等不算达标。",
  },
}

local penetration_fell = alert "penetration_fell" {
  each = places.gz,
  title = { en = "Penetration fell", zh = "渗透率下降" },
  warning = r.penetration_rises:broken(),
  say = {
    en = "{zone}: digitalisation penetration of {period} is not over the year before; the goal is that it keeps rising.",
    zh = "{zone}{period}年产业数字化渗透率未高于上年,与“不断提升”的要求不符。",
  },
}

-- The sub-areas ----------------------------------------------------------------------------------

local lagging = alert "lagging" {
  each = places.sub_areas,
  title = { en = "A sub-area lags behind the zone", zh = "片区增速落后" },
  warning = i.growth_lag:over(0.05),
  clear = i.growth_lag:under(0.03),
  hold = periods(2), missing = "keep", unless = returns_late,
  say = {
    en = "{area}, {period}: growth is {value:%} under the zone's, for the second quarter or longer (limit {threshold:%}).",
    zh = "{area}{period}:增速低于试验区{value:%},已连续两个季度以上(界限{threshold:%})。",
  },
}

local balance_lost = alert "balance_lost" {
  each = places.pazhou_core,
  title = { en = "Pazhou no longer anchors the zone", zh = "琶洲核心片区占比不足一半" },
  warning = r.pazhou_anchors:broken(),
  say = {
    en = "{area} had less than half of the zone's revenue in the four quarters to {period}.",
    zh = "截至{period}的近四个季度,{area}营收占试验区比重不足一半。",
  },
}

local one_area_carries_all = alert "one_area_carries_all" {
  each = places.gz,
  title = { en = "One sub-area carries all", zh = "一个片区独大" },
  warning = r.no_area_carries_all:broken(),
  say = {
    en = "{zone}: in {period} one sub-area had more than seven tenths of the yearly revenue.",
    zh = "{zone}{period}年有一个片区营收占比超过七成。",
  },
}

return {
  returns_late = returns_late,
  unit_slip = unit_slip,
  total_fell = total_fell,
  figure_revised = figure_revised,
  revenue_behind = revenue_behind,
  season_behind = season_behind,
  revenue_goal_missed = revenue_goal_missed,
  revenue_verdict_withdrawn = revenue_verdict_withdrawn,
  key_enterprise_goal_missed = key_enterprise_goal_missed,
  new_enterprise_goal_missed = new_enterprise_goal_missed,
  coverage_goal_missed = coverage_goal_missed,
  coverage_only_equal = coverage_only_equal,
  penetration_fell = penetration_fell,
  lagging = lagging,
  balance_lost = balance_lost,
  one_area_carries_all = one_area_carries_all,
}
