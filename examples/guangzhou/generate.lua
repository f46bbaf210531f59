-- Writes the synthetic deliveries of the zone, as tidy CSV files in order of arrival:
--
--     lua5.4 examples/guangzhou/generate.lua examples/guangzhou/deliveries
--
-- Nothing here is real. The yearly totals are anchors chosen for the demonstration; the same program
-- writes the same bytes every time. It is no part of the pack: init.lua does not require it.

local out_folder = assert(arg[1], "usage: lua5.4 generate.lua FOLDER")

-- Chance: an integer generator that any language can repeat ---------------------------------------

-- The seed is one with which Finance City lags by more than five points in every quarter of 2024 and
-- 2025, as its yearly totals say, and nobody does before: chance adds no incident of its own.
local seed = 2024
local function chance() -- 0 <= chance() < 1, in steps of 1 / 2^15
  seed = (seed * 1103515245 + 12345) % 2147483648
  return (seed // 65536) / 32768
end

local function noise(amplitude) -- a factor around 1
  return 1 + amplitude * (2 * chance() - 1)
end

local function round(x)
  return math.floor(x + 0.5) -- to a whole number, as an integer
end

-- Rows --------------------------------------------------------------------------------------------

local rows = {}

local function moment(year, month, day)
  return string.format("%04d-%02d-%02dT10:00:00+08:00", year, month, day)
end

local function put(measure, area, period, value, status, known_at, note)
  rows[#rows + 1] = {
    measure = measure, area = area, period = period, value = tostring(value), status = status,
    known_at = known_at, note = note or "", place = #rows,
  }
end

local function month_after(year, month)
  if month == 12 then
    return year + 1, 1
  end
  return year, month + 1
end

local areas = { "pazhou_haizhu", "university_town", "finance_city", "yuzhu" }

-- A whole number cut into parts by weight: the parts are whole and add up to it.
local function cut(total, weights)
  local sum, running, before, parts = 0, 0, 0, {}
  for _, weight in ipairs(weights) do
    sum = sum + weight
  end
  for k, weight in ipairs(weights) do
    running = running + weight
    local upto = k == #weights and total or round(total * running / sum)
    parts[k] = upto - before
    before = upto
  end
  return parts
end

-- Revenue, in 1e4 CNY -----------------------------------------------------------------------------

-- Yearly totals, tenths of 1e8 CNY (1000 of the unit), as first reported in December.
local anchors = {
  [2019] = { 2140, 200, 840, 740 },
  [2020] = { 2400, 240, 930, 850 },
  [2021] = { 2820, 290, 1070, 1040 },
  [2022] = { 3200, 342, 1206, 1284 },
  [2023] = { 3660, 410, 1370, 1560 },
  [2024] = { 4120, 470, 1460, 1830 },
  [2025] = { 4660, 550, 1570, 2264 },
}
-- What the verification of the next June makes of them, where that is something else.
local verified = { [2022] = { 3155, 342, 1206, 1284 } }

-- Months that report: February (of two months) to December, and the share of the year in by then.
local season = { .120, .201, .273, .352, .446, .522, .609, .708, .794, .888, 1 }
-- 2025 runs behind: shares of 900, its goal.
local season_2025 = { .118, .197, .268, .346, .439, .513, .598, .696, .783, .880, 1.0049 }

-- The share of the year that the zone has in by each month: [month, from February on].
local function shares_of(year)
  if year ~= 2020 then
    return year == 2025 and season_2025 or season
  end
  -- In 2020 February to April fall short, and July to December make it up.
  local parts, short, rest, upto, shares = {}, 0, 0, 0, {}
  for k, share in ipairs(season) do
    parts[k] = share - (season[k - 1] or 0)
  end
  for k, left in ipairs { 0.90, 0.86, 0.95 } do
    short = short + parts[k] * (1 - left)
    parts[k] = parts[k] * left
  end
  for k = 6, #parts do
    rest = rest + parts[k]
  end
  for k, part in ipairs(parts) do
    upto = upto + (k >= 6 and part * (1 + short / rest) or part)
    shares[k] = upto
  end
  return shares
end

-- Running totals of a year, [area][month]. Three areas scatter around the season and are scaled to
-- their anchors; the largest takes the rest, so that the zone follows the season exactly.
local function totals_of(year)
  local shares, totals, all = shares_of(year), { {} }, 0
  for a = 1, 4 do
    all = all + anchors[year][a] * 1000
  end
  for a = 2, 4 do
    local weights, upto = {}, 0
    for k, share in ipairs(shares) do
      weights[k] = (share - (shares[k - 1] or 0)) * noise(0.012)
    end
    totals[a] = {}
    for k, value in ipairs(cut(anchors[year][a] * 1000, weights)) do
      upto = upto + value
      totals[a][k + 1] = upto
    end
  end
  local whole = year == 2025 and 9000000 or all -- what the shares are shares of
  for k, share in ipairs(shares) do
    local zone = k == #shares and all or round(whole * share)
    totals[1][k + 1] = zone - totals[2][k + 1] - totals[3][k + 1] - totals[4][k + 1]
  end
  if year == 2022 then -- an outbreak takes 9 % of Pazhou's November; December makes it up
    totals[1][11] = totals[1][11] - round((totals[1][11] - totals[1][10]) * 0.09)
  end
  return totals
end

-- The district offices send on different days of the next month; December on the 20th of January.
local sent_on = { 18, 19, 19, 20 }

local function arrival(year, month, a)
  local next_year, next_month = month_after(year, month)
  if year == 2022 and month == 10 and a == 1 then
    return moment(2022, 12, 11), "21 days late"
  end
  if year == 2024 and (month == 5 or month == 6) and a == 4 then
    return moment(2024, 7, 26), "feed was down from 5 June to 25 July"
  end
  return moment(next_year, next_month, month == 12 and 20 or sent_on[a])
end

for year = 2019, 2025 do
  local totals = totals_of(year)
  for month = 2, 12 do
    for a, area in ipairs(areas) do
      local period = string.format("%d-%02d", year, month)
      local known_at, note = arrival(year, month, a)
      local value = totals[a][month]
      if year == 2025 and month == 7 and a == 4 then -- a slip of one digit, put right in four days
        put("software_revenue", area, period, value - 200000, "P", known_at, "one digit wrong")
        known_at, note = moment(2025, 8, 24), "corrected"
      end
      put("software_revenue", area, period, value, "P", known_at, note)
    end
  end
  for a, area in ipairs(areas) do
    local final = (verified[year] or anchors[year])[a] * 1000
    put("software_revenue", area, year .. "-12", final, "A", moment(year + 1, 6, 15), "annual verification")
  end
end

-- Key enterprises: the zone's list at the end of each quarter ----------------------------------------

local key_at_year_end = { [2020] = 780, [2021] = 890, [2022] = 1012, [2023] = 1098, [2024] = 1190, [2025] = 1287 }
local key_weights = { 46, 15, 21, 18 }

-- The stock of quarter `quarter`, between two year ends.
local function between(at_year_end, year, quarter)
  local before = at_year_end[year - 1] or at_year_end[year]
  return before + (at_year_end[year] - before) * quarter / 4
end

local function put_by_area(measure, year, quarter, total, weights, status, known_at, note)
  for a, value in ipairs(cut(total, weights)) do
    put(measure, areas[a], string.format("%d-Q%d", year, quarter), value, status, known_at, note)
  end
end

local function quarters(first_year, run)
  for year = first_year, 2025 do
    for quarter = year == first_year and 4 or 1, 4 do
      local next_year, next_month = month_after(year, 3 * quarter)
      run(year, quarter, next_year, next_month)
    end
  end
end

quarters(2020, function(year, quarter, next_year, next_month)
  local day, note = 14, nil
  if year == 2025 and quarter == 4 then
    day, note = 20, "list checked twice"
  end
  put_by_area("key_enterprises", year, quarter, round(between(key_at_year_end, year, quarter)), key_weights, "A",
    moment(next_year, next_month, day), note)
end)

-- New enterprises: single months -------------------------------------------------------------------

local new_in_year = { [2021] = 262, [2022] = 286, [2023] = 231, [2024] = 268, [2025] = 329 }
local new_weights = { 42, 16, 20, 22 }
local new_months = { 7, 5, 9, 8, 8, 10, 8, 8, 9, 8, 9, 11 }

for year = 2021, 2025 do
  local by_area = cut(new_in_year[year], new_weights)
  for a, area in ipairs(areas) do
    local weights = {}
    for month = 1, 12 do
      weights[month] = new_months[month] * noise(0.2)
    end
    for month, value in ipairs(cut(by_area[a], weights)) do
      local next_year, next_month = month_after(year, month)
      put("new_enterprises", area, string.format("%d-%02d", year, month), value, "A",
        moment(next_year, next_month, 8))
    end
  end
end

-- Digital coverage: the survey of each quarter -----------------------------------------------------

local surveyed_at_year_end = { [2020] = 2000, [2021] = 2080, [2022] = 2160, [2023] = 2240, [2024] = 2320, [2025] = 2408 }
local percent_at_year_end = { [2020] = 29.5, [2021] = 34.8, [2022] = 39.9, [2023] = 44.0, [2024] = 48.2, [2025] = 50.0 }
local percent_2025 = { 48.8, 49.4, 50.3, 50.0 } -- the fourth is 1204 of 2408, to the firm
local survey_weights = { 44, 13, 23, 20 }

quarters(2020, function(year, quarter, next_year, next_month)
  local surveyed = round(between(surveyed_at_year_end, year, quarter))
  local percent = year == 2025 and percent_2025[quarter] or between(percent_at_year_end, year, quarter)
  local known_at = moment(next_year, next_month, 20)
  local status = year == 2025 and quarter == 4 and "P" or "A"
  put_by_area("digital_surveyed", year, quarter, surveyed, survey_weights, status, known_at)
  put_by_area("digital_covered", year, quarter, round(surveyed * percent / 100), survey_weights, status, known_at)
end)

-- Returns of 20 more firms, 15 of them covered, come in after the first count of 2025.
local late_answers = { { 5, 4 }, { 5, 4 }, { 5, 4 }, { 5, 3 } }
local asked, covered = cut(2408, survey_weights), cut(1204, survey_weights)
for a, area in ipairs(areas) do
  local known_at = moment(2026, 2, 28)
  put("digital_surveyed", area, "2025-Q4", asked[a] + late_answers[a][1], "A", known_at, "with late returns")
  put("digital_covered", area, "2025-Q4", covered[a] + late_answers[a][2], "A", known_at, "with late returns")
end

-- Penetration: an institute's yearly estimate for the zone -----------------------------------------

for k, percent in ipairs { "31.0", "33.4", "35.1", "36.9", "36.6", "38.3", "39.7" } do
  local year = 2018 + k
  put("digital_penetration", "guangzhou_ai", tostring(year), percent, "E", moment(year + 1, 5, 15), "institute's estimate")
end

-- Files -------------------------------------------------------------------------------------------

-- Each file holds the arrivals from its day up to the next file's. Two are as a spreadsheet program
-- saves them: one in GBK with the offices' names of the areas, one in UTF-8 with a byte-order mark.
local files = {
  { day = "2019-01-01", name = "returns" },
  { day = "2020-01-01", name = "returns" },
  { day = "2021-01-01", name = "returns" },
  { day = "2021-06-15", name = "verification-gbk", form = "gbk" },
  { day = "2021-06-16", name = "returns" },
  { day = "2022-01-01", name = "returns" },
  { day = "2023-01-01", name = "returns" },
  { day = "2023-06-15", name = "verification" },
  { day = "2023-06-16", name = "returns" },
  { day = "2024-01-01", name = "returns" },
  { day = "2024-07-26", name = "yuzhu-catches-up" },
  { day = "2024-07-27", name = "returns" },
  { day = "2025-01-01", name = "returns" },
  { day = "2025-08-24", name = "yuzhu-correction-bom", form = "bom" },
  { day = "2025-08-25", name = "returns" },
  { day = "2026-01-01", name = "returns" },
}

local gbk_names = {
  pazhou_haizhu = "\xC5\xC3\xD6\xDE", -- 琶洲
  university_town = "\xB4\xF3\xD1\xA7\xB3\xC7", -- 大学城
  finance_city = "\xB9\xFA\xBC\xCA\xBD\xF0\xC8\xDA\xB3\xC7", -- 国际金融城
  yuzhu = "\xD3\xE3\xD6\xE9", -- 鱼珠
}
local gbk_note = "\xC4\xEA\xB1\xA8\xBA\xCB\xCA\xB5" -- 年报核实

table.sort(rows, function(a, b)
  if a.known_at ~= b.known_at then
    return a.known_at < b.known_at
  end
  return a.place < b.place
end)

local function line_of(row, form)
  local area, note = row.area, row.note
  if form == "gbk" then
    area, note = gbk_names[area], gbk_note
  end
  return table.concat({ row.measure, area, row.period, row.value, row.status, row.known_at, "synthetic generator", note }, ",")
end

local at = 1
for k, file in ipairs(files) do
  local path = string.format("%s/%s-%s.csv", out_folder, file.day, file.name)
  local next_day = files[k + 1] and files[k + 1].day or "9999"
  local handle = assert(io.open(path, "wb"))
  local ending = file.form and "\r\n" or "\n"
  handle:write(file.form == "bom" and "\xEF\xBB\xBF" or "", "measure,area,period,value,status,known_at,source,note", ending)
  while rows[at] and rows[at].known_at < next_day do
    handle:write(line_of(rows[at], file.form), ending)
    at = at + 1
  end
  assert(handle:close())
end
