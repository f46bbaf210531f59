-- How they hear. The webhook's address is the operator's secret: it stands outside the pack, and
-- without it the webhook is only noted as not configured.

local places = require "zone"
local china = require "china"
local a = require "alerts"

notify "duty_office" {
  title = { en = "Duty office", zh = "值班室" },
  to = { log(), webhook(secret "DUTY_HOOK") },
  at_least = "warning",
  areas = { places.gz },
  lang = "en",
}

notify "statisticians" {
  title = { en = "Statisticians", zh = "统计人员" },
  to = log(),
  at_least = "info",
  alerts = {
    a.season_behind, a.coverage_only_equal,
    china.behind, china.growth_apart, china.awaited,
  },
  lang = "zh",
}
