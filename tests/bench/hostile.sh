#!/bin/sh
# How long the page takes to answer while functions under tests/packs/hostile run over their limits,
# one process for each: the slowest of the answers, in milliseconds, begun right behind a delivery.
# Usage: tests/bench/hostile.sh [PROGRAM], by default build/release/zonewatch.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
program=${1:-$root/build/release/zonewatch}
folder=$(mktemp -d)
pid=
trap 'test -z "$pid" || kill "$pid" 2>/dev/null; rm -rf "$folder"' EXIT
cp "$root"/tests/packs/hostile/*.lua "$folder"
echo 'return measure "sales" { kind = "flow", unit = "CNY", every = "month", by = { "kind" } }' >"$folder/figures.lua"
for file in "$root"/tests/packs/hostile/*.lua; do
  name=$(basename "$file" .lua)
  rm -f "$folder"/store.db*
  cat >"$folder/init.lua" <<PACK
zone "z" { timezone = "UTC", currency = "CNY" }
indicator "hostile" { require "$name", every = "month" }
alert "asked" { warning = require("$name"), every = "month" }
PACK
  "$program" run "$folder" --db "$folder/store.db" --listen 127.0.0.1:0 2>"$folder/log" &
  pid=$!
  port=
  while [ -z "$port" ]; do
    sleep 0.05
    port=$(sed -n 's/.*listening on port \([0-9]*\).*/\1/p' "$folder/log")
  done
  printf 'measure,area,period,value\nsales,,2024-01,900\n' | curl -s -o /dev/null -H 'Content-Type: text/csv' \
    --data-binary @- "http://127.0.0.1:$port/api/v1/observations?source=bench" &
  post=$!
  for _ in 1 2 3 4 5; do
    curl -s -o /dev/null -w '%{time_total}\n' "http://127.0.0.1:$port/"
  done | sort -n | tail -1 | awk -v name="$name" '{ printf "%-20s %6.1f\n", name, $1 * 1000 }'
  wait "$post"
  kill "$pid"
  wait "$pid" || true
  pid=
done
