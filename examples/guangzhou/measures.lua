-- What is reported about the zone. `unit` is the unit of the forms, `show` the one people read.
-- This pack has two zones, so every measure says whose reports are expected (`areas`).

local places = require "zone"

-- Monthly statistics come as running totals of the year, and January is not reported: February's
-- total covers both months. Due within 20 days of the month's end.
local software_revenue = measure "software_revenue" {
  title = { en = "Software and IT services revenue", zh = "软件和信息技术服务业营业收入" },
  note = "Running total from January. Narrow scope: enterprises above the reporting threshold, registered in the area.",
  kind = "ytd", unit = "1e4 CNY", show = "1e8 CNY",
  every = "month", skip = { month = 1 }, due = "20d",
  areas = places.reporting,
  aliases = { "软件业营收", "软件和信息技术服务业营业收入" },
}

local key_enterprises = measure "key_enterprises" {
  title = { en = "Key enterprises", zh = "重点企业" },
  note = "On the zone office's list at the end of the quarter. The guideline does not define the term; the list is the definition.",
  kind = "stock", unit = "firms", every = "quarter", due = "15d",
  areas = places.reporting,
  aliases = { "重点企业", "重点企业数" },
}

local new_enterprises = measure "new_enterprises" {
  title = { en = "New AI and digital-economy enterprises", zh = "新增人工智能与数字经济企业" },
  note = "Enterprises added in the month. Those that leave are not taken off.",
  kind = "flow", unit = "firms", every = "month", due = "10d",
  areas = places.reporting,
  aliases = { "新增企业", "新增企业数" },
}

-- Coverage is a survey: how many enterprises answered, and how many of them have a digital
-- transformation under way or done. The pair is kept, so that a ratio of sums can be taken.
local digital_surveyed = measure "digital_surveyed" {
  title = { en = "Enterprises surveyed on digitalisation", zh = "数字化调查企业" },
  kind = "stock", unit = "firms", every = "quarter", due = "25d",
  areas = places.reporting,
  aliases = { "数字化调查企业数" },
}

local digital_covered = measure "digital_covered" {
  title = { en = "Surveyed enterprises in digital transformation", zh = "已开展数字化转型的企业" },
  kind = "stock", unit = "firms", every = "quarter", due = "25d",
  areas = places.reporting,
  aliases = { "已开展数字化转型企业数" },
}

-- Penetration is another thing than coverage: a yearly estimate of an institute, for the zone as a
-- whole, that no sum of parts could replace.
local digital_penetration = measure "digital_penetration" {
  title = { en = "Digitalisation penetration", zh = "产业数字化渗透率" },
  note = "Value added brought by digital technology, as a share of the value added of the using industries. Estimated, published in May.",
  kind = "rate", unit = "%", every = "year",
  areas = { places.gz },
  aliases = { "产业数字化渗透率" },
}

return {
  software_revenue = software_revenue,
  key_enterprises = key_enterprises,
  new_enterprises = new_enterprises,
  digital_surveyed = digital_surveyed,
  digital_covered = digital_covered,
  digital_penetration = digital_penetration,
}
