-- A pack for the scenes of tests/flow: one goal, its path, a late report, a hold in time.
local yi = 1e8
local land = zone "land" { timezone = "UTC", currency = "CNY", title = { en = "The land", zh = "此地" } }
area "north" { within = land }
area "south" { within = land }
local revenue = measure "revenue" { kind = "ytd", unit = "1e4 CNY", show = "1e8 CNY", every = "month", skip = { month = 1 }, due = "20d" }
local sales = measure "sales" { kind = "ytd", unit = "1e4 CNY", show = "1e8 CNY", every = "month" }
local firms = measure "firms" { kind = "stock", unit = "firms", every = "month" }

local plan = target "plan" { sales:year(), over = { [2022] = 6 * yi }, from = { [2020] = 4 * yi }, path = "geometric" }

local late = alert "late" { each = land.areas, per = "period", warning = revenue:late(), critical = revenue:late "30d",
  say = { en = "{area} is {late_days} days late with {period}, due {due}", zh = "{area}{period}报表逾期{late_days}天" } }
alert "withdrawn" { per = "period", critical = plan:verdict "met_then_revised_below",
  say = { en = "{year}: {value} is below the goal of {goal} after all", zh = "{year}年{value}低于目标{goal}" } }
alert "few" { warning = firms:under(10), critical = firms:under(5), clear = firms:over(12), hold = "30d", unless = late }

notify "office" { to = log() }
