-- The zone and its areas: one river, two banks, three sub-areas.
--
--   guangzhou_ai           81 km2
--     south_bank
--       pazhou_core        48 km2, with the University Town
--         pazhou_haizhu    reports (Haizhu district)
--         university_town  reports (Panyu district)
--     north_bank
--       finance_city        8 km2, reports (Tianhe district)
--       yuzhu              25 km2, reports (Huangpu district)
--
-- `leads` lists the industries the guideline gives to an area. Digital trade stands in two lists on
-- purpose: a shared industry is no mistake.

-- This demonstration's plan ends with 2025, and so do its areas: nothing is expected of them for a
-- later period. A zone that goes on leaves `till` out. (Without it, a demonstration run years later
-- would rightly say that every month since is late.)
local plan_ends = "2025-12-31"

local gz = zone "guangzhou_ai" {
  title = {
    en = "Guangzhou pilot zone for AI and the digital economy",
    zh = "广州人工智能与数字经济试验区",
  },
  note = "Demonstration: every figure of this zone is synthetic. The goals are those of the zone's industry guideline.",
  timezone = "Asia/Shanghai",
  currency = "CNY",
  aliases = { "广州人工智能与数字经济试验区", "试验区" },
  km2 = 81,
}

local south_bank = area "south_bank" {
  within = gz,
  title = { en = "South bank: industrial innovation", zh = "珠江南岸产业创新集聚区" },
  till = plan_ends,
  aliases = { "珠江南岸", "珠江南岸产业创新集聚区" },
  km2 = 48,
}

local north_bank = area "north_bank" {
  within = gz,
  title = { en = "North bank: industrial fusion", zh = "珠江北岸产业融合发展区" },
  till = plan_ends,
  aliases = { "珠江北岸", "珠江北岸产业融合发展区" },
  km2 = 33,
}

local pazhou_core = area "pazhou_core" {
  within = south_bank,
  title = { en = "Pazhou core, with the University Town", zh = "琶洲核心片区(含广州大学城)" },
  till = plan_ends,
  aliases = { "琶洲核心片区", "琶洲核心片区(含广州大学城)", "琶洲片区" },
  km2 = 48,
  leads = { "industrial_internet", "big_data", "ai", "new_generation_it" },
}

-- "Pazhou" alone means the Haizhu part: the offices' forms list it beside the University Town.
local pazhou_haizhu = area "pazhou_haizhu" {
  within = pazhou_core,
  title = { en = "Pazhou (Haizhu district)", zh = "琶洲(海珠)" },
  till = plan_ends,
  aliases = { "琶洲", "琶洲(海珠)", "琶洲试验区" },
  leads = { "industrial_internet", "big_data", "ai", "new_generation_it" },
}

local university_town = area "university_town" {
  within = pazhou_core,
  title = { en = "University Town", zh = "广州大学城" },
  till = plan_ends,
  aliases = { "大学城", "广州大学城" },
  leads = { "frontier_research" },
}

local finance_city = area "finance_city" {
  within = north_bank,
  title = { en = "International Finance City", zh = "广州国际金融城片区" },
  till = plan_ends,
  aliases = { "国际金融城", "金融城", "广州国际金融城", "广州国际金融城片区", "国际金融城片区" },
  km2 = 8,
  leads = { "digital_finance", "digital_trade", "digital_creative", "new_consumption" },
}

local yuzhu = area "yuzhu" {
  within = north_bank,
  title = { en = "Yuzhu", zh = "鱼珠片区" },
  till = plan_ends,
  aliases = { "鱼珠", "鱼珠片区" },
  km2 = 25,
  leads = {
    "5g_ic_parts", "ai_software", "trusted_it_blockchain", "digital_trade",
    "digital_factory", "unmanned_factory",
  },
}

return {
  gz = gz,
  pazhou_core = pazhou_core,
  pazhou_haizhu = pazhou_haizhu,
  university_town = university_town,
  finance_city = finance_city,
  yuzhu = yuzhu,
  -- the three sub-areas of the plan
  sub_areas = { pazhou_core, finance_city, yuzhu },
  -- who fills in the forms
  reporting = { pazhou_haizhu, university_town, finance_city, yuzhu },
}
