-- What must hold: the plan's words on how the sub-areas live together, as obligations that can be
-- checked. Red when `must` fails, amber when `should` fails.

local places = require "zone"
local m = require "measures"
local i = require "indicators"

local pazhou_anchors = rule "pazhou_anchors" {
  each = places.pazhou_core,
  title = { en = "Pazhou anchors the zone", zh = "琶洲核心片区发挥支柱作用" },
  must = i.zone_share:at_least(0.5),
  should = i.zone_share:at_least(0.55),
  why = "The core area keeps at least half of the zone's revenue of the last four quarters.",
}

local keeps_pace = rule "keeps_pace" {
  each = places.sub_areas,
  title = { en = "No sub-area is left behind", zh = "各片区协调发展" },
  must = i.growth_lag:at_most(0.05),
  should = i.growth_lag:at_most(0.03),
  why = "Differentiated, yet coordinated: no sub-area grows more than five points slower than the zone.",
}

-- Written as a function, because it asks for the largest of three places at once.
local no_area_carries_all = rule "no_area_carries_all" {
  each = places.gz,
  title = { en = "No sub-area carries all", zh = "不由一个片区独自支撑" },
  must = function(at)
    local most = 0
    for _, sub_area in ipairs(places.sub_areas) do
      most = math.max(most, at(i.revenue_year, sub_area))
    end
    return most <= 0.7 * at(i.revenue_year)
  end,
  why = "No sub-area has more than seven tenths of the zone's yearly revenue.",
}

local coverage_rises = rule "coverage_rises" {
  each = places.gz,
  title = { en = "Digitalisation coverage rises", zh = "产业数字化覆盖率逐季提升" },
  must = i.coverage:rises(),
  why = "To pass a half by 2025, coverage must rise from quarter to quarter.",
}

local penetration_rises = rule "penetration_rises" {
  each = places.gz,
  title = { en = "Digitalisation penetration keeps rising", zh = "产业数字化渗透率不断提升" },
  must = m.digital_penetration:rises(),
  why = "The guideline says that it keeps rising: each year over the year before.",
}

local yuzhu_gains = rule "yuzhu_gains" {
  each = places.yuzhu,
  title = { en = "Yuzhu gains enterprises", zh = "鱼珠片区持续引入企业" },
  must = m.new_enterprises:year():at_least(20),
  why = "Five a year for each of its four assigned industries; the reports do not tell industries apart yet.",
}

return {
  pazhou_anchors = pazhou_anchors,
  keeps_pace = keeps_pace,
  no_area_carries_all = no_area_carries_all,
  coverage_rises = coverage_rises,
  penetration_rises = penetration_rises,
  yuzhu_gains = yuzhu_gains,
}
