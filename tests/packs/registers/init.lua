-- A pack of registers, for the test that any order of deliveries of items ends like a cold replay.
local land = zone "land" { timezone = "Asia/Shanghai", currency = "CNY" }
local west = area "west" { within = land, leads = { "lab", "pilot" } }
area "north" { within = west, leads = { "lab" } }
area "south" { within = west, leads = { "pilot" } }
area "east" { within = land, leads = { "lab" }, since = "2021-06-01" }

local calls = register "calls" {
  fields = { "type", paid = "1e4 CNY", due_on = "date" }, states = { "posted", "awarded", "done" }, deadline = "due_on",
}
local firms = register "firms" { fields = { "type" }, every = "month", due = "10d" }
local money = measure "money" { kind = "flow", unit = "1e4 CNY", every = "month" }

indicator "open_calls" { calls:where { state = { "posted", "awarded" } }:count() }
indicator "own_calls" { calls:where { type = attr "leads" }:count() }
indicator "late_calls" { calls:where(calls:overdue()):count() }
indicator "dear_calls" { calls:where(calls:sum("paid"):over(3e5)):count() }
local per_firm = indicator "per_firm" { money / firms:count() }
rule "all_kinds" { each = land.areas, must = calls:has("type", { "lab", "pilot" }) }

alert "deadline" { each = land.areas, warning = calls:due_within "14d", critical = calls:overdue() }
alert "standstill" { each = land.areas, info = calls:stuck "90d", hold = "10d" }
alert "quiet" { each = land.areas, info = calls:silent "120d" }
alert "thin" { each = west.areas, info = firms:count():under(3), per = "period" }
alert "few_firms" { each = land.areas, warning = firms:count():under(2), missing = "fire" }
alert "poor" { warning = per_firm:under(2e4), hold = periods(2), missing = "clear" }

notify "office" { to = log(), at_least = "info" }
