---@meta zonewatch
-- What a pack finds without asking, for the editor (LuaLS). tests/flow/test_stub.c compares it with
-- what the program has: whoever adds an operation, a field or a function adds its line here.

---@class zonewatch.expression
---@class zonewatch.number: zonewatch.expression
---@operator add(zonewatch.value): zonewatch.number
---@operator sub(zonewatch.value): zonewatch.number
---@operator mul(zonewatch.value): zonewatch.number
---@operator div(zonewatch.value): zonewatch.number
---@operator pow(number): zonewatch.number
---@operator unm: zonewatch.number
local number_expression = {}
---@class zonewatch.truth: zonewatch.expression
---@operator band(zonewatch.truth): zonewatch.truth
---@operator bor(zonewatch.truth): zonewatch.truth
---@operator bnot: zonewatch.truth
local truth_expression = {}
---@class zonewatch.text: zonewatch.expression
local text_expression = {}
---@class zonewatch.window
local window_expression = {}
---@class zonewatch.parts
local parts_expression = {}
---@class zonewatch.values
local values_expression = {}
---@class zonewatch.target
local target_handle = {}
---@class zonewatch.rule
local rule_handle = {}
---@class zonewatch.alert
local alert_handle = {}
---@class zonewatch.register
local register_handle = {}
---@class zonewatch.guard
---@class zonewatch.notify
---@class zonewatch.test
---@class zonewatch.area
---@field areas zonewatch.area[] its direct parts
---@field name string
---@field title string
---@field [string] any an attribute
---@alias zonewatch.value number|zonewatch.number

---What a function is handed: at(expr), at(expr, area), at(expr, area, -1); a missing read ends it.
---It returns a number or a truth, and perhaps a table of names that an alert's say can use.
---@class zonewatch.at
---@field area zonewatch.area where it stands
---@field period { year: integer, half: integer?, quarter: integer?, month: integer?, week: integer?, day: integer?, text: string }
---@field value fun(expr: any, area: zonewatch.area?, steps: integer?): any nil where it is missing
---@overload fun(expr: any, area: zonewatch.area?, steps: integer?): any

---@class zonewatch.fields.zone
---@field timezone? any
---@field currency? any
---@field reporting_year? any
---@field holidays? any
---@field aliases? any
---@field title? any
---@field note? any
---The whole that a pack speaks of; any other field is an attribute.
---@param name string
---@return fun(fields: zonewatch.fields.zone): zonewatch.area
function zone(name) end

---@class zonewatch.fields.area
---@field within? any
---@field since? any
---@field till? any
---@field aliases? any
---@field title? any
---@field note? any
---A part of a zone; any other field is an attribute.
---@param name string
---@return fun(fields: zonewatch.fields.area): zonewatch.area
function area(name) end

---@class zonewatch.fields.measure
---@field kind? any
---@field unit? any
---@field every? any
---@field by? any
---@field areas? any
---@field since? any
---@field due? any
---@field skip? any
---@field rollup? any
---@field partial? any
---@field show? any
---@field hide? any
---@field aliases? any
---@field sdmx? any
---@field keep? any
---@field accept? any
---@field limit? any
---@field title? any
---@field note? any
---What is reported.
---@param name string
---@return fun(fields: zonewatch.fields.measure): zonewatch.number
function measure(name) end

---@class zonewatch.fields.register
---@field fields? any
---@field states? any
---@field done? any
---@field deadline? any
---@field every? any
---@field due? any
---@field areas? any
---@field since? any
---@field title? any
---@field note? any
---Items with fields and states.
---@param name string
---@return fun(fields: zonewatch.fields.register): zonewatch.register
function register(name) end

---@class zonewatch.fields.indicator
---@field unit? any
---@field show? any
---@field rollup? any
---@field hide? any
---@field every? any
---@field title? any
---@field note? any
---A formula with a name.
---@param name string
---@return fun(fields: zonewatch.fields.indicator): zonewatch.number
function indicator(name) end

---@class zonewatch.fields.target
---@field each? any
---@field over? any
---@field at_least? any
---@field under? any
---@field at_most? any
---@field path? any
---@field from? any
---@field every? any
---@field title? any
---@field note? any
---Where an expression must be by when.
---@param name string
---@return fun(fields: zonewatch.fields.target): zonewatch.target
function target(name) end

---@class zonewatch.fields.rule
---@field must? any
---@field should? any
---@field each? any
---@field why? any
---@field every? any
---@field title? any
---@field note? any
---What must hold.
---@param name string
---@return fun(fields: zonewatch.fields.rule): zonewatch.rule
function rule(name) end

---@class zonewatch.fields.alert
---@field info? any
---@field warning? any
---@field critical? any
---@field each? any
---@field per? any
---@field clear? any
---@field hold? any
---@field missing? any
---@field unless? any
---@field with? any
---@field say? any
---@field every? any
---@field title? any
---@field note? any
---Who hears when something fails.
---@param name string
---@return fun(fields: zonewatch.fields.alert): zonewatch.alert
function alert(name) end

---@class zonewatch.fields.guard
---@field on? any
---@field hold? any
---@field warn? any
---@field say? any
---@field every? any
---@field title? any
---@field note? any
---What keeps an arriving batch aside.
---@param name string
---@return fun(fields: zonewatch.fields.guard): zonewatch.guard
function guard(name) end

---@class zonewatch.fields.notify
---@field to? any
---@field at_least? any
---@field alerts? any
---@field areas? any
---@field group? any
---@field wait? any
---@field again? any
---@field hours? any
---@field lang? any
---@field title? any
---@field note? any
---Where alerts go.
---@param name string
---@return fun(fields: zonewatch.fields.notify): zonewatch.notify
function notify(name) end

---@class zonewatch.fields.test
---@field given? any
---@field expect? any
---@field at? any
---@field title? any
---@field note? any
---Figures in, and what is expected of them.
---@param name string
---@return fun(fields: zonewatch.fields.test): zonewatch.test
function test(name) end

---The smallest, in their unit.
---@param ... zonewatch.value
---@return zonewatch.number
function min(...) end

---The largest, in their unit.
---@param ... zonewatch.value
---@return zonewatch.number
function max(...) end

---Without its sign, in its unit.
---@param x zonewatch.value
---@return zonewatch.number
function abs(x) end

---The natural logarithm of a plain number.
---@param x zonewatch.value
---@return zonewatch.number
function ln(x) end

---e to a plain number.
---@param x zonewatch.value
---@return zonewatch.number
function exp(x) end

---Rounded, halves away from zero, in its unit.
---@param x zonewatch.value
---@param digits? integer
---@return zonewatch.number
function round(x, digits) end

---Held between the two, in its unit.
---@param x zonewatch.value
---@param low zonewatch.value
---@param high zonewatch.value
---@return zonewatch.number
function clamp(x, low, high) end

---x where it is true, else y, in their unit.
---@param truth zonewatch.truth
---@param x zonewatch.value
---@param y zonewatch.value
---@return zonewatch.number
function when(truth, x, y) end

---True at each of the areas.
---@param truth zonewatch.truth
---@param areas zonewatch.area[]
---@return zonewatch.truth
function all(truth, areas) end

---True at one of the areas.
---@param truth zonewatch.truth
---@param areas zonewatch.area[]
---@return zonewatch.truth
function any(truth, areas) end

---At how many of the areas it is true.
---@param truth zonewatch.truth
---@param areas zonewatch.area[]
---@return zonewatch.number
function count(truth, areas) end

---The attribute of the area being evaluated, in the unit.
---@param name string
---@param unit? string
---@return zonewatch.number
function attr(name, unit) end

---The operator's, never printed.
---@param name string
---@return any
function secret(name) end

---A number of periods, for hold.
---@param n integer
---@return any
function periods(n) end

---A POST to an address: Alertmanager's JSON, or a body of your own, whose texts may hold
---`{summary}`, `{severity}`, `{value:%}` …
---@param url any
---@param body? table
---@return any
function webhook(url, body) end

---A POST to Prometheus's Alertmanager.
---@param url any
---@return any
function alertmanager(url) end

---A mail.
---@param address string
---@return any
function email(address) end

---A program that the operator named.
---@param name string
---@return any
function exec(name) end

---A line of the log.
---@return any
function log() end

---Expected within a tolerance.
---@param value number
---@param tolerance number
---@return any
function near(value, tolerance) end

---Expected in a test: no value.
missing = nil
---Expected in a test: neither true nor false.
unknown = nil

---Only these dimension values or items.
---@param condition table|zonewatch.truth
---@return zonewatch.number
function number_expression:where(condition) end
---All but these dimension values or items.
---@param condition table|zonewatch.truth
---@return zonewatch.number
function number_expression:except(condition) end
---In groups, until :sum(), :mean(), :max(), :min(), :count().
---@param field string
---@return zonewatch.number
function number_expression:by(field) end
---The same at another area, at "parent" or "zone".
---@param area zonewatch.area|string
---@return zonewatch.number
function number_expression:of(area) end
---The direct parts, or those listed; then :sum(), :mean() …
---@param list? zonewatch.area[]
---@return zonewatch.parts
function number_expression:areas(list) end
---The sum, in its unit; of a number over a window.
---@param window? integer|string
---@return zonewatch.number
function number_expression:sum(window) end
---The mean, in its unit; of a number over a window.
---@param window? integer|string
---@return zonewatch.number
function number_expression:mean(window) end
---The largest, in its unit; of a number over a window.
---@param window? integer|string
---@return zonewatch.number
function number_expression:max(window) end
---The smallest, in its unit; of a number over a window.
---@param window? integer|string
---@return zonewatch.number
function number_expression:min(window) end
---How many; of a number over a window.
---@param window? integer|string
---@return zonewatch.number
function number_expression:count(window) end
---Each group's part of the whole; a plain number.
---@return zonewatch.number
function number_expression:share() end
---The part of what stands at an area, "parent" or "zone"; a plain number.
---@param area zonewatch.area|string
---@return zonewatch.number
function number_expression:share_of(area) end
---The place among siblings, the largest is 1.
---@return zonewatch.number
function number_expression:rank() end
---n periods earlier, or a length such as "1 year"; skipped periods are met.
---@param n integer|string
---@return zonewatch.number
function number_expression:lag(n) end
---The value minus that of n periods earlier (1), in its unit.
---@param n? integer|string
---@return zonewatch.number
function number_expression:delta(n) end
---Relative change on the same period a year earlier, if that was over 0; a plain number.
---@return zonewatch.number
function number_expression:yoy() end
---Running total of the reporting year, in its unit.
---@return zonewatch.number
function number_expression:ytd() end
---The own part of a running total, in its unit.
---@return zonewatch.number
function number_expression:single() end
---By day: by kind, or "sum", "mean", "max", "min", "last".
---@param how? string
---@return zonewatch.number
function number_expression:day(how) end
---By week: by kind, or "sum", "mean", "max", "min", "last".
---@param how? string
---@return zonewatch.number
function number_expression:week(how) end
---By month: by kind, or "sum", "mean", "max", "min", "last".
---@param how? string
---@return zonewatch.number
function number_expression:month(how) end
---By quarter: by kind, or "sum", "mean", "max", "min", "last".
---@param how? string
---@return zonewatch.number
function number_expression:quarter(how) end
---By half year: by kind, or "sum", "mean", "max", "min", "last".
---@param how? string
---@return zonewatch.number
function number_expression:half(how) end
---By reporting year: by kind, or "sum", "mean", "max", "min", "last".
---@param how? string
---@return zonewatch.number
function number_expression:year(how) end
---The last n periods, or a length, this one with them; then :sum(), :mean() …
---@param window integer|string
---@return zonewatch.window
function number_expression:rolling(window) end
---Running total since a period, in its unit.
---@param period string|integer
---@return zonewatch.number
function number_expression:since(period) end
---The counter's steps in the window by second, in its unit a second.
---@param window string
---@return zonewatch.number
function number_expression:rate(window) end
---The counter's steps in the window, in its unit.
---@param window string
---@return zonewatch.number
function number_expression:increase(window) end
---A number, or "last", where it is missing.
---@param value number|string
---@return zonewatch.number
function number_expression:fill(value) end
---Another expression where it is missing.
---@param other zonewatch.value
---@return zonewatch.number
function number_expression:or_else(other) end
---As first reported ("first"), or before its last change ("previous").
---@param which string
---@return zonewatch.number
function number_expression:vintage(which) end
---Read in one scope of its definition.
---@param name string
---@return zonewatch.number
function number_expression:scope(name) end
---Read in whatever scope is there.
---@return zonewatch.number
function number_expression:any_scope() end
---The first there is in the window, in its unit.
---@param window? integer|string
---@return zonewatch.number
function number_expression:first(window) end
---The last there is in the window, in its unit.
---@param window? integer|string
---@return zonewatch.number
function number_expression:last(window) end
---The median of the window, in its unit.
---@param window? integer|string
---@return zonewatch.number
function number_expression:median(window) end
---The standard deviation in the window, by n - 1, in its unit.
---@param window? integer|string
---@return zonewatch.number
function number_expression:stddev(window) end
---The linear quantile of the window, in its unit.
---@param q number|string
---@param window? number|string
---@return zonewatch.number
function number_expression:quantile(q, window) end
---The slope of the least-squares line, in its unit a period.
---@param window? integer|string
---@return zonewatch.number
function number_expression:slope(window) end
---Strictly over, unrounded.
---@param limit zonewatch.value
---@return zonewatch.truth
function number_expression:over(limit) end
---Strictly under, unrounded.
---@param limit zonewatch.value
---@return zonewatch.truth
function number_expression:under(limit) end
---The limit or over it.
---@param limit zonewatch.value
---@return zonewatch.truth
function number_expression:at_least(limit) end
---The limit or under it.
---@param limit zonewatch.value
---@return zonewatch.truth
function number_expression:at_most(limit) end
---Exactly this.
---@param value zonewatch.value
---@return zonewatch.truth
function number_expression:equals(value) end
---Between the two, ends included.
---@param low zonewatch.value
---@param high zonewatch.value
---@return zonewatch.truth
function number_expression:within(low, high) end
---Each of the last n steps (1) goes up.
---@param n? integer
---@return zonewatch.truth
function number_expression:rises(n) end
---Each of the last n steps (1) goes down.
---@param n? integer
---@return zonewatch.truth
function number_expression:falls(n) end
---An expected report is not in past its due, and so much more.
---@param extra? string
---@return zonewatch.truth
function number_expression:late(extra) end
---A figure under it changed, ever or in the last such time.
---@param within? string
---@return zonewatch.truth
function number_expression:revised(within) end
---There is no value. Never unknown.
---@return zonewatch.truth
function number_expression:missing() end
---There is a value and parts lack.
---@return zonewatch.truth
function number_expression:partial() end
---Each of the last n steps is at most the tolerance.
---@param n integer
---@param tolerance? number
---@return zonewatch.truth
function number_expression:flat(n, tolerance) end

---The same at another area, at "parent" or "zone".
---@param area zonewatch.area|string
---@return zonewatch.truth
function truth_expression:of(area) end
---How many; of a number over a window.
---@param window? integer|string
---@return zonewatch.number
function truth_expression:count(window) end
---True of every group.
---@return zonewatch.truth
function truth_expression:all() end
---True of one group.
---@return zonewatch.truth
function truth_expression:any() end
---n periods earlier, or a length such as "1 year"; skipped periods are met.
---@param n integer|string
---@return zonewatch.truth
function truth_expression:lag(n) end
---True in each of the last n known periods.
---@param n integer
---@return zonewatch.truth
function truth_expression:held(n) end

---The sum, in its unit; of a number over a window.
---@param window? integer|string
---@return zonewatch.number
function window_expression:sum(window) end
---The mean, in its unit; of a number over a window.
---@param window? integer|string
---@return zonewatch.number
function window_expression:mean(window) end
---The largest, in its unit; of a number over a window.
---@param window? integer|string
---@return zonewatch.number
function window_expression:max(window) end
---The smallest, in its unit; of a number over a window.
---@param window? integer|string
---@return zonewatch.number
function window_expression:min(window) end
---How many; of a number over a window.
---@param window? integer|string
---@return zonewatch.number
function window_expression:count(window) end
---The first there is in the window, in its unit.
---@param window? integer|string
---@return zonewatch.number
function window_expression:first(window) end
---The last there is in the window, in its unit.
---@param window? integer|string
---@return zonewatch.number
function window_expression:last(window) end
---The median of the window, in its unit.
---@param window? integer|string
---@return zonewatch.number
function window_expression:median(window) end
---The standard deviation in the window, by n - 1, in its unit.
---@param window? integer|string
---@return zonewatch.number
function window_expression:stddev(window) end
---The linear quantile of the window, in its unit.
---@param q number|string
---@param window? number|string
---@return zonewatch.number
function window_expression:quantile(q, window) end
---The slope of the least-squares line, in its unit a period.
---@param window? integer|string
---@return zonewatch.number
function window_expression:slope(window) end

---The sum, in its unit; of a number over a window.
---@param window? integer|string
---@return zonewatch.number
function parts_expression:sum(window) end
---The mean, in its unit; of a number over a window.
---@param window? integer|string
---@return zonewatch.number
function parts_expression:mean(window) end
---The largest, in its unit; of a number over a window.
---@param window? integer|string
---@return zonewatch.number
function parts_expression:max(window) end
---The smallest, in its unit; of a number over a window.
---@param window? integer|string
---@return zonewatch.number
function parts_expression:min(window) end
---How many; of a number over a window.
---@param window? integer|string
---@return zonewatch.number
function parts_expression:count(window) end
---The largest minus the smallest part, in its unit.
---@return zonewatch.number
function parts_expression:spread() end
---The largest cosine of two parts' groups; a plain number.
---@return zonewatch.number
function parts_expression:similarity() end

---Periods of the grid earlier, or a length.
---@param back integer|string
---@return zonewatch.text
function text_expression:lag(back) end
---The same elsewhere: an area, "parent" or "zone".
---@param where zonewatch.area|string
---@return zonewatch.text
function text_expression:of(where) end
---There is none.
---@return zonewatch.truth
function text_expression:missing() end
---It is this text, or one of these.
---@param texts string|string[]
---@return zonewatch.truth
function text_expression:equals(texts) end

---The sum, in its unit; of a number over a window.
---@param window? integer|string
---@return zonewatch.number
function values_expression:sum(window) end
---The mean, in its unit; of a number over a window.
---@param window? integer|string
---@return zonewatch.number
function values_expression:mean(window) end
---The largest, in its unit; of a number over a window.
---@param window? integer|string
---@return zonewatch.number
function values_expression:max(window) end
---The smallest, in its unit; of a number over a window.
---@param window? integer|string
---@return zonewatch.number
function values_expression:min(window) end
---How many; of a number over a window.
---@param window? integer|string
---@return zonewatch.number
function values_expression:count(window) end
---The median of the items' values, in its unit.
---@return zonewatch.number
function values_expression:median() end
---The deviation of the items' values by n - 1, in its unit.
---@return zonewatch.number
function values_expression:stddev() end
---The quantile of the items' values, from 0 to 1, in its unit.
---@param share number
---@return zonewatch.number
function values_expression:quantile(share) end

---The path, in the unit of what is aimed at.
---@return zonewatch.number
function target_handle:value() end
---The path minus the actual; positive is behind, in its unit.
---@return zonewatch.number
function target_handle:gap() end
---The gap by the path; positive is behind; a plain number.
---@return zonewatch.number
function target_handle:shortfall() end
---The growth a year that leads from the last full year to the next date; a plain number.
---@return zonewatch.number
function target_handle:required_growth() end
---Where it will stand at the next date, in its unit; or "low", "high".
---@param which? string
---@return zonewatch.number
function target_handle:projected(which) end
---Its verdict is (one of) these.
---@param verdicts string|string[]
---@return zonewatch.truth
function target_handle:verdict(verdicts) end

---The rule's must is false.
---@return zonewatch.truth
function rule_handle:broken() end

---The alert fires at the area now, at this severity or above.
---@param severity? string
---@return zonewatch.truth
function alert_handle:firing(severity) end

---Only these items.
---@param condition table|zonewatch.truth
---@return zonewatch.register
function register_handle:where(condition) end
---All but these items.
---@param condition table|zonewatch.truth
---@return zonewatch.register
function register_handle:except(condition) end
---How many items live.
---@return zonewatch.number
function register_handle:count() end
---How many came in the period, or since { since = 2021 }.
---@param since? table
---@return zonewatch.number
function register_handle:added(since) end
---How many went in the period, or since { since = 2021 }.
---@param since? table
---@return zonewatch.number
function register_handle:left(since) end
---The sum of a number field, in its unit.
---@param field string
---@return zonewatch.number
function register_handle:sum(field) end
---The values of a field; then :sum(), :mean() …
---@param field string
---@return zonewatch.values
function register_handle:values(field) end
---Every value is that of some item; without values: filled in.
---@param field string
---@param values? string|string[]
---@return zonewatch.truth
function register_handle:has(field, values) end
---Not done, and the deadline is over.
---@return zonewatch.truth
function register_handle:overdue() end
---Not done, and the deadline is at most so far ahead.
---@param length string
---@return zonewatch.truth
function register_handle:due_within(length) end
---In (one of) these states.
---@param state string|string[]
---@return zonewatch.truth
function register_handle:in_state(state) end
---In this state, or it was.
---@param state string
---@return zonewatch.truth
function register_handle:reached(state) end
---In the same state for as long.
---@param length string
---@return zonewatch.truth
function register_handle:stuck(length) end
---No row for as long.
---@param length string
---@return zonewatch.truth
function register_handle:silent(length) end
---Done by its deadline, or the deadline is not over.
---@return zonewatch.truth
function register_handle:on_time() end
---The commonest text of a field, or of "state".
---@param field string
---@return zonewatch.text
function register_handle:top(field) end
---The days between two states; then :mean() …
---@param from string
---@param to string
---@return zonewatch.values
function register_handle:days(from, to) end

---@param field string a field, or "state": what is asked next is asked of each group
---@return zonewatch.register
function register_handle:by(field) end

---@param extra? string so much past the due
---@return zonewatch.truth
function register_handle:late(extra) end
