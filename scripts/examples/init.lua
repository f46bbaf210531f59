-- Every operation of the language with a worked example: `zonewatch test scripts/examples` checks the results, which were
-- worked out by hand. A value without an area is the zone's.
local land = zone "land" { timezone = "UTC" }
local east = area "east" { within = land, km2 = 2, leads = { "tea" } }
local west = area "west" { within = land, km2 = 4, leads = { "silk" } }

local sales = measure "sales" { kind = "flow", unit = "CNY", every = "month", by = { "trade" } }
local total = measure "total" { kind = "ytd", unit = "CNY", every = "month" }
local visits = measure "visits" { kind = "flow", unit = "visits", every = "day" }
local firms = measure "firms" { kind = "stock", unit = "firms", every = "quarter", areas = { land }, due = "30d" }
local price = measure "price" { kind = "rate", unit = "CNY", every = "year" }
local output = measure "output" { kind = "flow", unit = "CNY", every = "year" }
local heat = measure "heat" { kind = "gauge", unit = "K", every = "1m" }
local meter = measure "meter" { kind = "counter", unit = "kWh", every = "1m" }
local calls = register "calls" {
  fields = { "kind", paid = "CNY", due_on = "date" }, states = { "posted", "won", "done" }, deadline = "due_on",
}

local busy = rule "busy" { must = sales:over(20) }
local plan = target "plan" { sales:year(), at_least = { [2023] = 780, [2024] = 800 }, from = { [2022] = 600 } }
local far = target "far" { output, at_least = { [2026] = 146.41 }, from = { [2022] = 100 } }
local steady = target "steady" {
  output, at_least = { [2026] = 200 }, path = function(at) return at(output) / 1.1 end,
}
local spring = "2024-03"

-- What the program ships: traffic lights as cities publish them (scripts/zonewatch/lights.lua).
local lights = require "zonewatch.lights"
local growth = rule "growth_light" (lights.plan_and_city { growth = sales:yoy(), plan = 0.12, city = 0.05 })
local pace = rule "pace_light" (lights.behind_schedule { behind = plan:shortfall(), near = "green" })
local mended = rule "mended_light" (lights.amber_after_red { kept = sales:yoy():at_least(0) })

-- What a function says beside its value is named in the alert's text.
local apart = alert "apart" {
  each = land,
  warning = function(at)
    local e, w = at(sales, east), at(sales, west)
    return math.max(e, w) > 0.55 * at(sales), { weaker = e < w and east or west, share = math.min(e, w) / at(sales) }
  end,
  say = "{weaker} has {share:%} of the sales of {period}.",  -- east has 40.0 % of the sales of 2024-03.
}

-- One alert that asks another: it is judged after it.
local weak = alert "weak" { each = land.areas, warning = sales:under(15), critical = sales:under(10) }
local both_weak = alert "both_weak" { warning = count(weak:firing(), land.areas):at_least(2), unless = weak:firing "critical" }

test "worked examples" {
  at = "2024-08-15",
  given = {
    [sales] = {
      ["2023-01"] = 10, ["2023-02"] = 20, ["2023-03"] = 30, ["2023-04"] = 40, ["2023-05"] = 50, ["2023-06"] = 60,
      ["2023-07"] = 70, ["2023-08"] = 80, ["2023-09"] = 90, ["2023-10"] = 100, ["2023-11"] = 110, ["2023-12"] = 120,
      ["2024-01"] = 11, ["2024-02"] = 24, ["2024-03"] = 30,
      ["2024-04"] = { { 40, known_at = "2024-05-10" }, { 44, known_at = "2024-06-10" } },
      [east] = { ["2024-03"] = { { 9, by = { trade = "tea" } }, { 3, by = { trade = "silk" } } } },
      [west] = { ["2024-03"] = { { 6, by = { trade = "tea" } }, { 12, by = { trade = "silk" } } } },
    },
    [total] = { ["2024-01"] = 5, ["2024-02"] = 12, ["2024-03"] = 15 },
    [visits] = {
      ["2024-03-04"] = 1, ["2024-03-05"] = 2, ["2024-03-06"] = 3, ["2024-03-07"] = 4, ["2024-03-08"] = 5,
      ["2024-03-09"] = 6, ["2024-03-10"] = 7,
    },
    [firms] = { ["2024-Q1"] = 7 },
    [price] = { ["2022"] = { 2, scope = "1" }, ["2023"] = { 3, scope = "2" } },
    [output] = { ["2022"] = 100, ["2023"] = 110 },
    [heat] = { ["2024-03-01T00:00:00Z"] = 20, ["2024-03-01T00:01:00Z"] = 22 },
    [meter] = { ["2024-03-01T00:00:00Z"] = 100, ["2024-03-01T00:01:00Z"] = 160, ["2024-03-01T00:02:00Z"] = 40 },
    [calls] = {
      [east] = {
        { item = "c1", at = "2024-01-10", state = "posted", kind = "road", due_on = "2024-06-30" },
        { item = "c1", at = "2024-03-10", state = "won", paid = 100 },
        { item = "c2", at = "2024-02-01", state = "posted", kind = "road", paid = 10, due_on = "2024-09-30" },
        { item = "c3", at = "2024-02-15", state = "posted", kind = "lab", paid = 50, due_on = "2024-09-01" },
        { item = "c3", at = "2024-05-05", state = "left" },
      },
    },
  },
  expect = {
    -- numbers
    [sales + 1] = { [spring] = 31 }, [sales - 1] = { [spring] = 29 }, [sales * 2] = { [spring] = 60 },
    [sales / 4] = { [spring] = 7.5 }, [(sales / sales + 1) ^ 2] = { [spring] = 4 }, [-sales] = { [spring] = -30 },
    [min(sales, 5)] = { [spring] = 5 }, [max(sales, 50)] = { [spring] = 50 }, [abs(-sales)] = { [spring] = 30 },
    [ln(sales / sales)] = { [spring] = 0 }, [exp(sales / sales - 1)] = { [spring] = 1 },
    [round(sales / 7, 1)] = { [spring] = 4.3 }, [clamp(sales, 0, 25)] = { [spring] = 25 },
    [when(sales:over(20), 1, 2)] = { [spring] = 1 },
    [sales / attr("km2", "km2")] = { [east] = { [spring] = 6 } },
    -- along time
    [sales:lag(1)] = { [spring] = 24 }, [sales:lag "1 year"] = { [spring] = 30 },
    [sales:delta()] = { [spring] = 6 }, [sales:delta "1 year"] = { ["2024-02"] = 4 },
    [sales:yoy()] = { ["2024-01"] = 0.1 }, [sales:ytd()] = { [spring] = 65 },
    [sales:since "2023-11"] = { ["2024-02"] = 265 }, [total:single()] = { ["2024-02"] = 7 },
    [sales:day()] = { ["2024-03-05"] = 30 }, [visits:week()] = { ["2024-W10"] = 28 }, [firms:month()] = { ["2024-02"] = 7 },
    [sales:quarter()] = { ["2024-Q1"] = 65 }, [sales:half()] = { ["2023-S1"] = 210 }, [sales:year()] = { ["2023"] = 780 },
    [sales:year "max"] = { ["2023"] = 120 },
    -- windows: 120, 11, 24
    [sales:rolling(3):sum()] = { ["2024-02"] = 155 }, [sales:rolling(3):mean()] = { ["2024-02"] = 155 / 3 },
    [sales:rolling(3):max()] = { ["2024-02"] = 120 }, [sales:rolling(3):min()] = { ["2024-02"] = 11 },
    [sales:rolling(3):count()] = { ["2024-02"] = 3 }, [sales:rolling(3):first()] = { ["2024-02"] = 120 },
    [sales:rolling(3):last()] = { ["2024-02"] = 24 }, [sales:rolling(3):median()] = { ["2024-02"] = 24 },
    [sales:rolling(3):quantile(0.25)] = { ["2024-02"] = 17.5 },  -- half-way from 11 to 24
    [sales:rolling(3):stddev()] = { ["2024-02"] = near(59.534303, 1e-6) },  -- sqrt((68.33² + 40.67² + 27.67²) / 2)
    [sales:rolling(3):slope()] = { ["2024-02"] = -48 },  -- (24 − 120) / 2
    [heat:mean "2m"] = { ["2024-03-01T00:01:00Z"] = 21 },
    [meter:increase "2m"] = { ["2024-03-01T00:02:00Z"] = 100 },  -- 60, then from zero 40
    [meter:rate "2m"] = { ["2024-03-01T00:02:00Z"] = 100 / 120 },
    -- holes, vintages, scopes
    [sales:fill(0)] = { ["2024-05"] = 0 }, [firms:fill "last"] = { ["2024-Q2"] = 7 },
    [firms:or_else(firms:lag(1))] = { ["2024-Q2"] = 7 },
    [sales:vintage "first"] = { ["2024-04"] = 40 }, [sales:vintage "previous"] = { ["2024-04"] = 40 },
    [price:yoy()] = { ["2023"] = missing }, [price:any_scope():yoy()] = { ["2023"] = 0.5 },
    [price:scope "1"] = { ["2022"] = 2 },
    -- over areas
    [sales:of(east)] = { [spring] = 12 }, [sales:of "zone"] = { [west] = { [spring] = 30 } },
    [sales:share_of "parent"] = { [east] = { [spring] = 0.4 } }, [sales:rank()] = { [west] = { [spring] = 1 } },
    [sales:areas():sum()] = { [spring] = 30 }, [sales:areas():mean()] = { [spring] = 15 },
    [sales:areas():max()] = { [spring] = 18 }, [sales:areas():min()] = { [spring] = 12 },
    [sales:areas():count()] = { [spring] = 2 }, [sales:areas():spread()] = { [spring] = 6 },
    [sales:by "trade":areas():similarity()] = { [spring] = near(0.70710678, 1e-8) },  -- (9, 3) and (6, 12)
    [all(sales:over(10), { east, west })] = { [spring] = true }, [any(sales:over(15), { east, west })] = { [spring] = true },
    [count(sales:over(15), { east, west })] = { [spring] = 1 },
    -- groups and narrowing
    [sales:by "trade":sum()] = { [east] = { [spring] = 12 } }, [sales:by "trade":mean()] = { [east] = { [spring] = 6 } },
    [sales:by "trade":max()] = { [east] = { [spring] = 9 } }, [sales:by "trade":count()] = { [east] = { [spring] = 2 } },
    [sales:by "trade":share():max()] = { [east] = { [spring] = 0.75 } },
    [sales:by "trade":over(5):any()] = { [east] = { [spring] = true } },
    [sales:by "trade":over(5):all()] = { [east] = { [spring] = false } },
    [sales:where { trade = attr "leads" }] = { [east] = { [spring] = 9 }, [west] = { [spring] = 12 } },
    [sales:except { trade = "tea" }] = { [east] = { [spring] = 3 } },
    [sales:where(sales:over(25))] = { [spring] = 30, ["2024-02"] = missing },
    -- truths
    [sales:over(20)] = { [spring] = true }, [sales:under(20)] = { [spring] = false }, [sales:at_least(30)] = { [spring] = true },
    [sales:at_most(29)] = { [spring] = false }, [sales:equals(30)] = { [spring] = true },
    [sales:within(29, 31)] = { [spring] = true }, [sales:rises()] = { [spring] = true }, [sales:falls()] = { [spring] = false },
    [sales:flat(1, 10)] = { [spring] = true }, [sales:over(20):held(2)] = { [spring] = true },
    [firms:late()] = { ["2024-Q2"] = true }, [firms:missing()] = { ["2024-Q2"] = true },
    [sales:partial()] = { [spring] = false }, [sales:revised()] = { ["2024-04"] = true, [spring] = false },
    [sales:over(20) & ~sales:over(40)] = { [spring] = true }, [sales:over(40) | sales:over(20)] = { [spring] = true },
    [busy:broken()] = { [spring] = false },
    -- lights: January grew by 10 %, April by 10 %, and March stood still
    [growth] = { ["2024-01"] = true, [spring] = true }, [pace] = { [spring] = true }, [mended] = { [spring] = true },
    [apart] = { [spring] = "warning" },
    [weak] = { [east] = { [spring] = "warning" }, [west] = { [spring] = "ok" } },  -- 12 and 18
    [weak:firing()] = { [east] = { [spring] = true }, [west] = { [spring] = false } },
    [weak:firing "critical"] = { [east] = { [spring] = false } }, [both_weak] = { [spring] = "ok" },
    -- targets: the trailing year of March 2024 is 780 − 60 + 65, the path 780 + 20 × 3 / 12
    [plan:value()] = { [spring] = 785 }, [plan:gap()] = { [spring] = 0 }, [plan:shortfall()] = { [spring] = 0 },
    [plan:verdict "met_final"] = { ["2023"] = true },
    [steady:value()] = { ["2023"] = near(100, 1e-9) }, [steady:gap()] = { ["2023"] = near(-10, 1e-9) },
    [far:required_growth()] = { ["2023"] = near(0.1, 1e-9) }, [far:projected()] = { ["2023"] = near(146.41, 1e-9) },
    -- registers
    [calls:count()] = { ["2024-03-31"] = 3, ["2024-05-31"] = 2 }, [calls:added()] = { ["2024-02-15"] = 1 },
    [calls:added { since = 2024 }] = { ["2024-03-31"] = 3 }, [calls:left()] = { ["2024-05-05"] = 1 },
    [calls:sum "paid"] = { ["2024-03-31"] = 160 }, [calls:values "paid":max()] = { ["2024-03-31"] = 100 },
    [calls:top "kind"] = { ["2024-03-31"] = "road" }, [calls:top "kind":equals "lab"] = { ["2024-03-31"] = false },
    [calls:values "paid":median()] = { ["2024-03-31"] = 50 },  -- 10, 50, 100
    [calls:values "paid":quantile(0.25)] = { ["2024-03-31"] = 30 },
    [calls:values "paid":stddev()] = { ["2024-03-31"] = near(45.092498, 1e-6) },  -- sqrt((43.33² + 3.33² + 46.67²) / 2)
    [calls:where { kind = "road" }:count()] = { ["2024-03-31"] = 2 }, [calls:except { kind = "road" }:count()] = { ["2024-03-31"] = 1 },
    [calls:where(calls:in_state "won"):count()] = { ["2024-03-31"] = 1 },
    [calls:has("kind", { "road", "lab" })] = { ["2024-03-31"] = true, ["2024-05-31"] = false },
    [calls:due_within "14d"] = { ["2024-06-20"] = true }, [calls:overdue()] = { ["2024-07-15"] = true },
    [calls:reached "won"] = { ["2024-03-31"] = true }, [calls:stuck "90d"] = { ["2024-05-15"] = true },
    [calls:silent "90d"] = { ["2024-05-15"] = true },
    [calls:where(calls:on_time()):count()] = { ["2024-03-31"] = 3, ["2024-07-15"] = 1 },
    [calls:days("posted", "won"):mean()] = { ["2024-03-31"] = 60 },  -- 10 January to 10 March of a leap year
    [calls:by "kind":count():max()] = { ["2024-03-31"] = 2 },
  },
}
