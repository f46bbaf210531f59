-- A park with two gates: the smallest pack that says something.
local park = zone "park" { timezone = "UTC", currency = "EUR", title = { en = "The park", zh = "公园" } }
area "east" { within = park }
area "west" { within = park }

local visitors = measure "visitors" { kind = "flow", unit = "people", every = "month" }

alert "few_visitors" {
  warning = visitors:under(1000),
  say = { en = "Only {value} came to {zone} in {period}.", zh = "{period}{zone}仅有{value}到访。" },
}

notify "office" { to = log() }
