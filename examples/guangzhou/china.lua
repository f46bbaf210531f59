-- The nation's software revenue: real figures of the ministry, and the real goal of the software plan.
-- A zone of its own, beside the Guangzhou zone: the two are never added.

local yi = 1e8 -- 100 million

local china = zone "china" {
  title = { en = "China", zh = "全国" },
  note = "Real figures as the ministry published them, each with its source. Months that are absent were not found, not unpublished.",
  timezone = "Asia/Shanghai",
  currency = "CNY",
  aliases = { "全国", "中国" },
}

-- No `due`: the reference set has gaps, so nothing here is ever late.
local revenue = measure "china_software_revenue" {
  title = { en = "Software revenue, national", zh = "全国软件业务收入" },
  note = "Running total from January. Monthly reports cover key enterprises, annual ones the full range.",
  kind = "ytd", unit = "1e8 CNY", show = "1e8 CNY",
  every = "month", skip = { month = 1 },
  areas = { china },
  aliases = { "全国软件业务收入" },
}

-- The growth the ministry publishes for the running total. It is no ratio of the published levels:
-- last year's base is re-set to the enterprises that report now, and that base is not published.
local growth = measure "china_software_growth" {
  title = { en = "Software revenue growth as published", zh = "全国软件业务收入同比增长(公布数)" },
  note = "Published growth of the running total on the same months of the year before, on the ministry's comparable base.",
  kind = "rate", unit = "%", every = "month", skip = { month = 1 },
  areas = { china },
  aliases = { "全国软件业务收入同比增长" },
}

-- What is computed ------------------------------------------------------------------------------

local annual = indicator "china_revenue_year" {
  revenue:year(),
  title = { en = "Software revenue of the year, national", zh = "全国全年软件业务收入" },
  show = "1e8 CNY",
}

-- The growth to quote is the published one. The other is kept to show how far apart they are.
local published = indicator "china_growth_published" {
  growth,
  title = { en = "Growth as published", zh = "公布的同比增速" },
  show = "%",
}

local by_levels = indicator "china_growth_levels" {
  revenue:ytd():yoy(),
  title = { en = "Growth computed from levels (not to be quoted)", zh = "按水平值计算的增速(不宜引用)" },
  show = "%",
}

local apart = indicator "china_growth_gap" {
  by_levels - published,
  title = { en = "Growth from levels less published growth", zh = "计算增速与公布增速之差" },
  note = "Large: last year's base was probably re-set.",
  show = "points",
}

-- Where it must be ------------------------------------------------------------------------------

local plan = target "china_plan" {
  annual,
  each = china,
  title = { en = "Over 14 trillion yuan of software revenue in 2025", zh = "2025年软件业务收入突破14万亿元" },
  note = "14th five-year plan for the software and IT services industry (《“十四五”软件和信息技术服务业发展规划》, Ministry of Industry and Information Technology, November 2021). The start is the 81 616 first published for 2020.",
  over = { [2025] = 140000*yi },
  from = { [2020] = 81616*yi },
  path = "geometric",
}

indicator "china_shortfall" {
  plan:shortfall(),
  title = { en = "Behind the path to 14 trillion", zh = "较14万亿元目标进度的差距" },
  note = "Trailing year against the path. Negative: ahead.",
  show = "%",
}

indicator "china_required_growth" {
  plan:required_growth(),
  title = { en = "Growth still required for 2025", zh = "实现2025年目标尚需增速" },
  show = "%",
}

-- What must be said ------------------------------------------------------------------------------

local behind = alert "china_behind" {
  each = china,
  title = { en = "The nation is behind the path", zh = "全国落后于目标进度" },
  warning = plan:shortfall():over(0.05),
  clear = plan:shortfall():under(0.02),
  missing = "keep",
  say = {
    en = "{zone}, {period}: software revenue of the trailing year is {value:%} behind the path to {goal} in {year}.",
    zh = "{zone}{period}:近一年软件业务收入比{year}年目标{goal}的进度落后{value:%}。",
  },
}

local growth_apart = alert "china_growth_apart" {
  each = china, per = "period",
  title = { en = "Published growth and levels disagree", zh = "公布增速与水平值不一致" },
  info = apart:over(0.02) | apart:under(-0.02),
  say = {
    en = "{zone}, {period}: stored levels and published growth are {value:%} apart. Last year's base was probably re-set; quote the published growth.",
    zh = "{zone}{period}:按库内数据计算的增速与公布增速相差{value:%},上年基数可能已调整;请引用公布增速。",
  },
}

local awaited = alert "china_goal_awaits_figure" {
  each = china, per = "period",
  title = { en = "The year is over, its figure is not in", zh = "年度已结束,全年数尚未取得" },
  info = plan:verdict "due_awaiting_data",
  say = {
    en = "{zone}: {period} has ended but its full-year software revenue is not in; no verdict on {goal} yet.",
    zh = "{zone}:{period}年已结束,但全年软件业务收入尚未取得,目标{goal}暂不判定。",
  },
}

return {
  zone = china,
  revenue = revenue,
  growth = growth,
  annual = annual,
  published = published,
  by_levels = by_levels,
  apart = apart,
  plan = plan,
  behind = behind,
  growth_apart = growth_apart,
  awaited = awaited,
}
