#!/bin/sh
# Bodies that are too long to be held: long_bodies.sh PROGRAM
# They are taken by slices while other requests are answered; the process stays small, and nothing is left of them.
set -eu
program=$1
work=$(mktemp -d)
pid=
leave() {
  [ -z "$pid" ] || kill -9 "$pid" 2>/dev/null || true
  rm -rf "$work"
}
trap leave EXIT
mkdir "$work/pack" "$work/store"
{
  echo 'local land = zone "land" { timezone = "UTC" }'
  echo 'local load = measure "load" { kind = "gauge", unit = "MW", every = "10s" }'
  echo 'local money = measure "money" { kind = "flow", unit = "CNY", every = "day" }'
} >"$work/pack/init.lua"

fail() {
  echo "FAILED: $1"
  cat "$work/log" "$work/answer"
  exit 1
}
: >"$work/log" # the shell below opens it when it comes to it, which may be later than it is read here
"$program" run "$work/pack" --db "$work/store/a.db" --listen 127.0.0.1:0 --max-body 64 --max-waiting 1 2>"$work/log" &
pid=$!
port=
while [ -z "$port" ]; do
  kill -0 "$pid" || fail "it did not start"
  port=$(sed -n 's/.*listening on port //p' "$work/log")
done
url=http://127.0.0.1:$port
post() { # file, path, headers…; prints the HTTP status
  file=$1
  path=$2
  shift 2
  curl -s -S --max-time 300 -o "$work/answer" -w '%{http_code}' "$@" --data-binary "@$file" "$url$path"
}
value_of() { # measure, from, to
  curl -s -S --max-time 60 "$url/api/v1/series?name=$1&from=$2&to=$3" | sed -n 's/.*"value":\([0-9]*\).*/\1/p'
}

# 30 MiB of which most is white space: a few thousand lines, one of them bad.
awk 'BEGIN {
  wide = sprintf("%4000s", "")
  for (i = 0; i < 7600; i++) print "load" (i == 7000 ? "s" : "") " value=" i " " 1700000000 + 10 * i "\n#" wide
}' >"$work/live.txt"
[ "$(post "$work/live.txt" '/write?precision=s')" = 400 ] || fail "one line is bad"
grep -q '1 bad line, all others are kept: line 14001: ' "$work/answer" || fail "its line is named"
grep -q '"accepted":7599' "$work/answer" || fail "all others are taken"
[ "$(value_of load 2023-11-14T22:13:20Z 2023-11-14T22:13:20Z)" = 0 ] || fail "the first"
[ "$(value_of load 2023-11-15T19:19:50Z 2023-11-15T19:19:50Z)" = 7599 ] || fail "the last"

sed 's/^loads/load/; s/ 17\([0-9]*\)$/ 16\1/' "$work/live.txt" | gzip -1 >"$work/live.gz"
(
  status=$(post "$work/live.gz" '/write?precision=s' -H 'Content-Encoding: gzip')
  echo "$status" >"$work/packed"
) &
sender=$!
# What else is asked is answered between its slices: some of it is seen to be in while it is under way.
seen=0
while kill -0 "$sender" 2>/dev/null; do
  curl -s "$url/metrics" >"$work/between"
  figures=$(sed -n 's/^zonewatch_figures //p' "$work/between")
  if grep -q '^zonewatch_long_deliveries 1$' "$work/between" && [ "$figures" -gt 7599 ]; then
    seen=1
  fi
done
[ "$(cat "$work/packed")" = 204 ] || fail "packed: $(cat "$work/packed")"
[ "$seen" = 1 ] || fail "nothing was answered while it was taken"

# Tidy CSV is taken by slices when it may be taken in part; else it must be held, and 64 MiB is the most.
awk 'BEGIN {
  wide = sprintf("%6000s", "")
  print "measure,area,period,value,note"
  for (i = 0; i < 12000; i++) print (i == 6000 ? "honey" : "money") ",," strftime("%Y-%m-%d", i * 86400, 1) "," i ",\"" wide "\""
}' >"$work/long.csv"
[ "$(post "$work/long.csv" /api/v1/observations -H 'Content-Type: text/csv')" = 413 ] || fail "too long to be taken whole"
[ "$(post "$work/long.csv" '/api/v1/observations?partial=true' -H 'Content-Type: text/csv')" = 413 ] || fail "over --max-body"
head -n 9001 "$work/long.csv" >"$work/half.csv"
[ "$(post "$work/half.csv" '/api/v1/observations?partial=true' -H 'Content-Type: text/csv')" = 200 ] || fail "in part"
grep -q '"accepted":8999,"unchanged":0,"revised":0,"rejected":\[{"line":6002,"column":1,' "$work/answer" || fail "what it became"
[ "$(value_of money 1994-08-22 1994-08-22)" = 8999 ] || fail "its last row"

# Of several at once those that find too many under way are told to come again, and are counted; none is lost.
for i in 1 2 3 4; do
  curl -s -S --max-time 300 -o /dev/null -D "$work/head$i" -H 'Content-Type: text/csv' --data-binary "@$work/half.csv" \
    "$url/api/v1/observations?partial=true&source=$i" &
  eval "sender$i=\$!"
done
wait "$sender1" "$sender2" "$sender3" "$sender4"
refused=0
for i in 1 2 3 4; do
  if grep -q '^HTTP/1.1 429' "$work/head$i"; then
    grep -q '^Retry-After: 1' "$work/head$i" || fail "when to come again"
    refused=$((refused + 1))
  else
    grep -q '^HTTP/1.1 200' "$work/head$i" || fail "the answer: $(cat "$work/head$i")"
  fi
done
curl -s "$url/metrics" >"$work/answer"
grep -q '^zonewatch_http_laid_by_bytes 0$' "$work/answer" || fail "a file is left"
grep -q "^zonewatch_http_refused_total $refused\$" "$work/answer" || fail "$refused were refused"
grep -q '^zonewatch_long_deliveries 0$' "$work/answer" || fail "a delivery is left"
[ "$(ls -A "$work/store" | grep -c body)" = 0 ] || fail "a file has a name"
peak=$(sed -n 's/^VmHWM:[[:space:]]*\([0-9]*\) kB$/\1/p' "/proc/$pid/status")
kill -TERM "$pid"
wait "$pid" || fail "it ended badly"
pid=
echo "long bodies were taken with $((peak / 1024)) MiB at most; $refused of 4 were told to come again"
