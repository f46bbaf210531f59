#!/bin/sh
# The Guangzhou pack from its files to what it said: guangzhou.sh PROGRAM SOURCE_DIR LUA
# The deliveries are what the generator makes; the figures of the issue come out; the ledger of alerts is the one that was
# worked out by hand beside the incidents (guangzhou_ledger.csv).
set -eu
program=$1
root=$2
lua=$3
pack=$root/examples/guangzhou
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
db=$work/store.db

fail() {
  echo "FAILED: $1"
  exit 1
}
says() { # expected, then the words of an eval
  expected=$1
  shift
  found=$("$program" eval "$pack" "$@" --db "$db")
  [ "$found" = "$expected" ] || fail "eval $*: expected '$expected', found '$found'"
}

mkdir "$work/made"
"$lua" "$pack/generate.lua" "$work/made" >/dev/null
diff -r "$work/made" "$pack/deliveries" >/dev/null || fail "the deliveries are not what generate.lua makes"

"$program" import "$pack" "$pack"/reference/*.csv --db "$db" 2>/dev/null
"$program" import "$pack" "$pack"/deliveries/*.csv --synthetic --db "$db" 2>/dev/null

says "603.2 (1e8 CNY, provisional, synthetic)" 'software_revenue:year()' --area guangzhou_ai --period 2022 --as-of 2023-03-01
says "598.7 (1e8 CNY, synthetic)" 'software_revenue:year()' --area guangzhou_ai --period 2022 --as-of 2023-07-01
says "137276 (1e8 CNY, provisional)" 'china_software_revenue:year()' --area china --period 2024
says "10.0 % (provisional)" china_growth_published --area china --period 2024-12
says "11.4 % (provisional)" china_growth_levels --area china --period 2024-12
says "-9.2 % (provisional)" 'china_plan:shortfall()' --area china --period 2024-12
says "2.0 % (provisional)" 'china_plan:required_growth()' --area china --period 2024-12
says "missing: part missing: yuzhu (3 of 4 in)" software_revenue --area guangzhou_ai --period 2024-05 --as-of 2024-07-01

# What README shows of `explain` is what is said; the day of arrival is today, and the pack's hash any.
plain() {
  sed -e 's/arrived [-0-9]*/arrived today/' -e 's/^pack \(.*\) [0-9a-f]*$/pack \1 HASH/'
}
awk '/^    [$] zonewatch explain examples.guangzhou revenue_year/ { on = 1; next } on && /^[^ ]/ { exit } on' "$root/README.md" |
  sed -e '$d' -e 's/^    //' | plain >"$work/shown"
(cd "$root" && "$program" explain examples/guangzhou revenue_year --area guangzhou_ai --period 2022 --as-of 2023-03-01 --db "$db") |
  plain >"$work/explained"
[ -s "$work/shown" ] || fail "README does not show explain"
diff "$work/shown" "$work/explained" || fail "explain says something else than README shows"

"$program" run "$pack" --once --db "$db" >"$work/once" 2>/dev/null
grep -q "met_provisional            603.2 (1e8 CNY, provisional, synthetic)" "$work/once" || fail "--once lacks the first verdict"
grep -q "met_then_revised_below     598.7 (1e8 CNY, synthetic)" "$work/once" || fail "--once lacks the second verdict"

"$program" export "$pack" --what alerts --db "$db" | cut -d, -f1-5 >"$work/ledger"
diff "$root/tests/flow/guangzhou_ledger.csv" "$work/ledger" || fail "the ledger of alerts is another one"
echo "the Guangzhou pack says what it should"
