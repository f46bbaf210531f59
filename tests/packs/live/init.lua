-- A hall whose queue is read every minute, and a switch that counts calls: windows, rates and an alert that waits.
local gz = zone "guangzhou_ai" { timezone = "Asia/Shanghai" }
local pazhou = area "pazhou" { within = gz }
local yuzhu = area "yuzhu" { within = gz }

local queue = measure "hall_wait" { kind = "gauge", unit = "min", every = "1m" }
local calls = measure "calls" { kind = "counter", unit = "calls", every = "1m", by = { "host" } }

indicator "load" { calls:rate "5m" }
indicator "busiest" { queue:day "max" }

local crowded = alert "hall_crowded" { each = gz.areas, warning = queue:mean "15m":over(30), clear = queue:mean "15m":under(20), hold = "10m" }

notify "duty_office" { to = log(), at_least = "warning" }

test "a crowd waits ten minutes, and goes when it has gone" {
  given = { [queue] = { [pazhou] = {
    ["2022-03-31T10:00:00+08:00"] = 40,  -- read in the minute that ends 10:01: true from then
    ["2022-03-31T10:05:23+08:00"] = 35,  -- (40 + 35) / 2 = 37.5
    ["2022-03-31T10:30:59+08:00"] = 25,  -- alone in its quarter of an hour: no crowd, but not clear
    ["2022-03-31T10:31:10+08:00"] = 10,  -- (25 + 10) / 2 = 17.5: clear
  } } },
  expect = {
    [queue:mean "15m"] = { [pazhou] = {
      ["2022-03-31T09:59:00+08:00"] = missing,
      ["2022-03-31T10:00:00+08:00"] = 40,
      ["2022-03-31T10:14:00+08:00"] = 37.5,
      ["2022-03-31T10:15:00+08:00"] = 35,   -- 10:00 has gone
      ["2022-03-31T10:19:59+08:00"] = 35,
      ["2022-03-31T10:20:00+08:00"] = missing,
      ["2022-03-31T10:31:00+08:00"] = 17.5,
    }, [yuzhu] = { ["2022-03-31T10:05:00+08:00"] = missing } },
    [queue:day "mean"] = { [pazhou] = { ["2022-03-31"] = 27.5 } },  -- (40 + 35 + 25 + 10) / 4 so far
    [crowded] = { [pazhou] = {
      ["2022-03-31T10:00:00+08:00"] = "pending",
      ["2022-03-31T10:09:00+08:00"] = "pending",  -- nine minutes
      ["2022-03-31T10:10:00+08:00"] = "warning",  -- ten
      ["2022-03-31T10:25:00+08:00"] = "warning",  -- nothing is read any more: it stays
      ["2022-03-31T10:30:00+08:00"] = "warning",
      ["2022-03-31T10:31:00+08:00"] = "ok",
    } },
  },
}

test "a crowd of nine minutes is none" {
  given = { [queue] = { [pazhou] = {
    ["2022-03-31T10:00:00+08:00"] = 40,
    ["2022-03-31T10:08:00+08:00"] = 10,  -- known at 10:09: 25
  } } },
  expect = { [crowded] = { [pazhou] = {
    ["2022-03-31T10:07:00+08:00"] = "pending",
    ["2022-03-31T10:08:00+08:00"] = "ok",
    ["2022-03-31T10:30:00+08:00"] = "unknown",
  } } },
}

test "a host that starts anew loses nothing" {
  given = { [calls] = {
    [pazhou] = {
      ["2022-03-31T10:00:00+08:00"] = { { 100, by = { host = "a" } }, { 20, by = { host = "b" } } },
      ["2022-03-31T10:01:00+08:00"] = { { 160, by = { host = "a" } }, { 50, by = { host = "b" } } },
      ["2022-03-31T10:02:00+08:00"] = { { 30, by = { host = "a" } } },
    },
    [yuzhu] = { ["2022-03-31T10:00:00+08:00"] = 5, ["2022-03-31T10:02:00+08:00"] = 65 },
  } },
  expect = {
    [calls:increase "5m"] = {
      [pazhou] = { ["2022-03-31T10:02:00+08:00"] = 120 },  -- 60 + 30 of a, 30 of b
      [yuzhu] = { ["2022-03-31T10:02:00+08:00"] = 60 },
      [gz] = { ["2022-03-31T10:02:00+08:00"] = 180 },
    },
    [calls:rate "5m"] = { [gz] = { ["2022-03-31T10:02:00+08:00"] = 0.6 } },  -- 180 / 300 s
    ["load"] = { [pazhou] = { ["2022-03-31T10:02:00+08:00"] = 0.4 } },
    [calls:day()] = { [gz] = { ["2022-03-31"] = 180 } },
  },
}
