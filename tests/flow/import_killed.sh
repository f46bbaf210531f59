#!/bin/sh
# A history of some MiB, its import killed and run again: import_killed.sh PROGRAM
# It goes on where it stopped, and what comes out is what comes of an import that nobody killed.
set -eu
program=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/pack"
{
  echo 'local land = zone "land" { timezone = "UTC" }'
  echo 'for i = 1, 10 do area("a" .. i) { within = land } end'
  echo 'local money = measure "money" { kind = "stock", unit = "CNY", every = "day" }'
  echo 'alert "poor" { each = land.areas, warning = money:under(20), hold = "3d" }'
} >"$work/pack/init.lua"
# 40 MiB of which most are notes: five slices that are quickly taken.
awk 'BEGIN {
  note = sprintf("%8000s", ""); gsub(" ", "x", note)
  print "measure,area,period,value,known_at,note"
  for (day = 0; day < 525; day++)
    for (a = 1; a <= 10; a++) {
      at = strftime("%Y-%m-%d", (18262 + day) * 86400, 1)
      print "money,a" a "," at "," (day * 7 + a) % 30 "," at "," note (day % 9)
    }
}' >"$work/history.csv"

fail() {
  echo "FAILED: $1"
  cat "$work/said"
  exit 1
}

"$program" import "$work/pack" "$work/history.csv" --db "$work/killed.db" 2>"$work/said" &
pid=$!
batches=0
while [ "$batches" -lt 2 ]; do
  kill -0 "$pid" 2>/dev/null || fail "it ended before it could be killed"
  batches=$(sqlite3 -readonly "$work/killed.db" 'SELECT count(*) FROM batch' 2>/dev/null || echo 0)
done
kill -9 "$pid"
wait "$pid" 2>/dev/null || true

"$program" import "$work/pack" "$work/history.csv" --db "$work/killed.db" 2>"$work/said" || fail "the second time"
grep -q ', behind [0-9]* MiB that were in$' "$work/said" || fail "it began anew"
"$program" import "$work/pack" "$work/history.csv" --db "$work/killed.db" 2>"$work/said" || fail "the third time"
grep -q 'the same delivery again' "$work/said" || fail "it is known"

"$program" import "$work/pack" - --source history.csv --db "$work/whole.db" <"$work/history.csv" 2>"$work/said" || fail "a pipe"
for db in killed whole; do
  "$program" export "$work/pack" --db "$work/$db.db" --what observations -o "$work/$db.csv"
  "$program" export "$work/pack" --db "$work/$db.db" --what alerts -o "$work/$db.alerts"
done
cmp "$work/killed.csv" "$work/whole.csv" || fail "the figures differ"
cmp "$work/killed.alerts" "$work/whole.alerts" || fail "the alerts differ"
[ "$(wc -l <"$work/whole.csv")" = 5251 ] || fail "$(wc -l <"$work/whole.csv") figures"
[ "$(wc -l <"$work/whole.alerts")" -gt 100 ] || fail "$(wc -l <"$work/whole.alerts") moves of alerts"
echo "a history killed after $batches parts went on where it stopped"
