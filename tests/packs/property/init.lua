-- A pack that uses every kind, path and truth, for the test that any order of deliveries ends like a cold replay.
local yi = 1e8
local land = zone "land" { timezone = "Asia/Shanghai", currency = "CNY" }
local west = area "west" { within = land, leads = { "ai" } }
area "north" { within = west, leads = { "ai", "chips" } }
area "south" { within = west, leads = { "chips" } }
area "east" { within = land, leads = { "ai" }, since = "2021-06-01" }

local revenue = measure "revenue" { kind = "ytd", unit = "1e4 CNY", show = "1e8 CNY", every = "month", skip = { month = 1 }, due = "20d" }
local came = measure "came" { kind = "flow", unit = "firms", every = "month", due = "10d", by = { "industry" } }
local firms = measure "firms" { kind = "stock", unit = "firms", every = "quarter", due = "15d" }
local covered = measure "covered" { kind = "stock", unit = "firms", every = "quarter" }
local queue = measure "queue" { kind = "gauge", unit = "min", every = "day" }
local calls = measure "calls" { kind = "counter", unit = "calls", every = "day", by = { "industry" } }
local growth = measure "growth" { kind = "rate", unit = "%", every = "month" }

local yearly = indicator "revenue_year" { revenue:year() }
local trailing = indicator "trailing" { revenue:rolling(12):sum() }
indicator "quarterly" { revenue:quarter() }
indicator "monthly" { revenue:single() }
indicator "pace" { revenue:ytd():yoy(), show = "%" }
indicator "change" { revenue:delta() }
local coverage = indicator "coverage" { covered / firms, show = "%" }
indicator "own_line" { came:where { industry = attr "leads" }:year() / came:year(), show = "%" }
indicator "by_line" { came:by("industry"):max() }
indicator "lines" { came:by("industry"):count() }
indicator "least_line" { came:by("industry"):lag(2):min() }
indicator "line_share" { came:by("industry"):share():max() - (came:by("industry") / came:of "parent"):max() }
indicator "lines_up" { came:by("industry"):where(came:by("industry"):rises()):sum() }
indicator "lines_over" { came:by("industry"):over(3):count() }
indicator "likeness" { came:by("industry"):quarter():areas():similarity() }
indicator "place" { firms:rank() + came:share_of "zone":quarter() }
indicator "apart" { firms:areas():spread(), rollup = "max" }
indicator "inflow" { came:rolling(3):mean() - came:lag(1) }
indicator "running" { came:ytd() }
indicator "share" { revenue:quarter() / revenue:of(land):quarter() }
indicator "parts" { firms:areas():sum() }
indicator "published" { growth:lag(1) }
local waiting = indicator "waiting" { queue:mean "40d" }
indicator "waiting_trend" { queue:slope "90d" }
indicator "waiting_middle" { queue:median "60d" }
indicator "waiting_month" { queue:month "mean" }
indicator "called" { calls:increase "60d" }
indicator "called_ai" { calls:where { industry = "ai" }:rate "60d" }
indicator "called_month" { calls:month() }
indicator "called_since" { calls:since "2021" }

local plan = target "plan" { yearly, over = { [2021] = 6 * yi, [2023] = 9 * yi }, from = { [2020] = 5 * yi }, path = "geometric" }
local season = target "season" { yearly, over = { [2023] = 9 * yi }, from = { [2020] = 5 * yi }, path = "seasonal" }
target "stock_plan" { firms, at_least = { [2021] = 60, [2022] = 80 }, path = "step" }
target "half" { coverage, over = { [2022] = 0.5 } }

local balanced = rule "balanced" { must = function(at)
  local most = 0
  for _, a in ipairs(land.areas) do most = math.max(most, at.value(trailing, a) or 0) end
  return most <= 0.7 * at(trailing)
end }
rule "rising" { each = land.areas, must = firms:rises(2), should = firms:at_least(45) }

local late = alert "late" { each = land.areas, per = "period", warning = revenue:late(), critical = revenue:late "30d" }
alert "behind" { warning = plan:shortfall():over(0.02), critical = plan:shortfall():over(0.2), clear = plan:shortfall():under(0.01), hold = periods(2), unless = late }
alert "season_behind" { info = season:gap():over(0), missing = "fire" }
alert "withdrawn" { per = "period", critical = plan:verdict "met_then_revised_below" }
alert "revised" { each = land.areas, per = "period", info = came:revised() }
local box = {} -- asked by one that is declared before it
alert "asks_before" { each = land.areas, every = "month", warning = function(at) return at(box.few:firing()) and at(came) < 6 end }
local few = alert "few" { each = land.areas, warning = came:under(4), hold = "40d", missing = "clear" }
box.few = few
local both = alert "both_few" { warning = any(few:firing(), land.areas), critical = all(few:firing(), land.areas), hold = "20d" }
alert "deep" { info = both:firing() & ~both:firing "critical", missing = "clear" }
alert "late_twice" { each = land.areas, warning = late:firing():held(2), critical = late:firing "critical" }
rule "quiet" { each = land.areas, must = ~few:firing() }
indicator "how_many_few" { count(few:firing(), land.areas) }
alert "unbalanced" { warning = balanced:broken() | growth:over(0.25) }
local crowded = alert "crowded" { each = land.areas, warning = waiting:over(12), clear = waiting:under(8), hold = "5d" }
alert "both_kinds" { each = land.areas, warning = crowded:firing() & came:over(2) }
alert "fell" { each = west, warning = ~revenue:single():over(0) & revenue:over(0) }

notify "office" { to = log(), at_least = "info" }
