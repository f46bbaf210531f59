-- A zone of two areas that wants 1200 new firms in 2024. `zonewatch check` and `zonewatch test` hold this file.
local lakeside = zone "lakeside" { title = { en = "Lakeside" }, timezone = "Asia/Shanghai" }
area "east" { within = lakeside }
area "west" { within = lakeside }

-- What is reported: how many firms were founded, quarter by quarter. A flow adds up over areas and time.
local new_firms = measure "new_firms" { kind = "flow", unit = "firms", every = "quarter" }

-- What is computed from it: the whole year.
local in_year = indicator "new_in_year" { new_firms:year() }

-- Where it must be by when, and from where the path leads there.
local plan = target "new_firm_plan" { in_year, at_least = { [2024] = 1200 }, from = { [2023] = 1000 } }

-- What must be told: more than 5 % behind the path, until it is less than 2 %.
alert "behind_plan" {
  warning = plan:shortfall():over(0.05), clear = plan:shortfall():under(0.02),
  say = "{zone} is {value:%} behind the path to {goal} in {year}.",
}

-- To whom: here the program's own log.
notify "office" { to = log() }

-- A test is given figures, and says what must come of them.
test "a weak first quarter is told" {
  given = { [new_firms] = {
    east = { ["2023-Q1"] = 150, ["2023-Q2"] = 150, ["2023-Q3"] = 150, ["2023-Q4"] = 150, ["2024-Q1"] = 100 },
    west = { ["2023-Q1"] = 100, ["2023-Q2"] = 100, ["2023-Q3"] = 100, ["2023-Q4"] = 100, ["2024-Q1"] = 100 },
  } },
  expect = {
    [in_year] = { [2023] = 1000, east = { [2023] = 600 } },
    [plan] = { [2024] = "not_due_at_risk" },          -- 950 against 1050
    ["behind_plan"] = { ["2023-Q4"] = "ok", ["2024-Q1"] = "warning" },
  },
}
