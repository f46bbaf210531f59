local yi = 1e8  -- 100 million
local gz = zone "guangzhou_ai" { title = { zh = "广州人工智能与数字经济试验区" }, timezone = "Asia/Shanghai", currency = "CNY" }
area "pazhou" { within = gz, leads = { "big_data", "ai", "new_it" } }
area "finance_city" { within = gz, leads = { "digital_finance", "digital_trade" } }
area "yuzhu" { within = gz, leads = { "ic_parts", "trusted_it", "digital_trade" } }

local revenue = measure "software_revenue" { kind = "ytd", unit = "1e4 CNY", show = "1e8 CNY", every = "month", skip = { month = 1 }, due = "20d", by = { "industry" } }
local surveyed = measure "digital_surveyed" { kind = "stock", unit = "firms", every = "quarter", due = "25d" }
local covered = measure "digital_covered" { kind = "stock", unit = "firms", every = "quarter", due = "25d" }
local platforms = register "service_platforms" { fields = { "type" } }
local calls = register "open_calls" { states = { "posted", "awarded", "in_work", "delivered" }, fields = { due_on = "date" }, deadline = "due_on" }
local queue = measure "hall_wait" { kind = "gauge", unit = "min", every = "1m" }

local annual = indicator "revenue_year" { revenue:year(), show = "1e8 CNY" }
indicator "revenue_growth" { revenue:ytd():yoy(), show = "%" }
local coverage = indicator "digital_coverage" { covered / surveyed, show = "%" }
indicator "own_line_share" { revenue:where { industry = attr "leads" }:year() / revenue:year(), show = "%" }

local plan = target "revenue_plan" { annual, over = { [2022] = 600*yi, [2025] = 900*yi }, from = { [2020] = 442*yi }, path = "geometric" }
target "coverage_plan" { coverage, over = { [2025] = 0.5 } }

local served = rule "five_platforms" { each = gz.areas, must = platforms:has("type", { "lab", "incubator", "rttp", "ip_base", "transfer" }) }
rule "no_area_carries_all" { must = function(at)
  local most = 0
  for _, a in ipairs(gz.areas) do most = math.max(most, at(annual, a)) end
  return most <= 0.7 * at(annual)
end }

local late = alert "returns_late" { each = gz.areas, per = "period", warning = revenue:late(), critical = revenue:late "30d" }
alert "revenue_behind" {  -- monthly: the trailing year against the path
  warning = plan:shortfall():over(0.05), critical = plan:shortfall():over(0.15), clear = plan:shortfall():under(0.02),
  hold = periods(2), missing = "keep", unless = late,
  say = { en = "{zone} is {value:%} behind the path to {goal} in {year}", zh = "{zone}较{year}年目标{goal}的进度落后{value:%}" },
}
alert "platform_gap" { each = gz.areas, warning = served:broken(), hold = "30d" }
alert "call_deadline" { each = calls, warning = calls:due_within "14d", critical = calls:overdue() }
alert "hall_crowded" { each = gz.areas, warning = queue:mean "15m":over(30), clear = queue:mean "15m":under(20), hold = "10m" }

notify "duty_office" { to = webhook(secret "DUTY_HOOK"), at_least = "warning", group = { "area", "alert" }, wait = "10m", again = "1d" }

test "one bad month waits, two speak" {  -- trailing year: 425 yi in both
  given = { [revenue] = { ["2020-02"] = 530000, ["2020-03"] = 890000, ["2020-12"] = 4420000, ["2021-02"] = 360000, ["2021-03"] = 720000 } },
  expect = { [plan] = { [2022] = "not_due_at_risk" }, ["revenue_behind"] = { ["2020-12"] = "ok", ["2021-02"] = "pending", ["2021-03"] = "warning" } },
}
