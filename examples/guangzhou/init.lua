-- The Guangzhou pilot zone for AI and the digital economy, against its plan for 2022 and 2025.
-- Each file speaks of one subject; README.md says where each goal stands and what is synthetic.

require "zone"        -- where: the zone and its areas
require "measures"    -- what is reported about the zone
require "china"       -- the nation's software revenue: its own zone, real figures, all of it in one file
require "indicators"  -- what is computed from the reports
require "targets"     -- where the plan wants to be, by when
require "rules"       -- what must hold
require "alerts"      -- who must hear of what
require "notify"      -- how they hear
require "tests"       -- worked examples that hold all of this to its word
