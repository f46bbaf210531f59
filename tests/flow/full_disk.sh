#!/bin/sh
# The program on a small disk that fills up and gets room again: full_disk.sh PROGRAM
# It says so once, answers deliveries with 503 and the reason, goes on being read, takes deliveries again by itself, and
# has all it ever acknowledged, also after a kill. Mounts a tmpfs: without the right to, it is skipped (77).
set -eu
program=$1
work=$(mktemp -d)
disk=$work/disk
pid=
leave() {
  [ -z "$pid" ] || kill -9 "$pid" 2>/dev/null || true
  umount "$disk" 2>/dev/null || true
  rm -rf "$work"
}
trap leave EXIT
mkdir "$disk" "$work/pack"
if ! mount -t tmpfs -o size=2m none "$disk" 2>/dev/null; then
  echo "skipped: this user may not mount a file system"
  exit 77
fi

fail() {
  echo "FAILED: $1"
  echo "--- its log:"
  cat "$work/log"
  exit 1
}

{
  echo 'local land = zone "land" { timezone = "UTC" }'
  echo 'local money = measure "money" { kind = "flow", unit = "CNY", every = "day" }'
  echo 'indicator "spent" { money }'
} >"$work/pack/init.lua"

start() {
  "$program" run "$work/pack" --db "$disk/store.db" --listen 127.0.0.1:0 2>>"$work/log" &
  pid=$!
  port=
  while [ -z "$port" ]; do
    kill -0 "$pid" || fail "it did not start"
    port=$(sed -n 's/.*listening on port //p' "$work/log" | tail -1)
  done
}
end() {
  kill "-$1" "$pid"
  wait "$pid" || true
  pid=
  sed -i 's/listening on port/was on port/' "$work/log" # the next start has a port of its own
}
post() { # the day's number; a hundred days from it, each with its own value; prints the HTTP status
  awk -v from="$1" 'BEGIN {
    print "measure,area,period,value"
    for (i = 0; i < 100; i++) print "money,land," strftime("%Y-%m-%d", (from + i) * 86400, 1) "," from + i
  }' | curl -s -S --max-time 60 -o "$work/answer" -w '%{http_code}' -H 'Content-Type: text/csv' --data-binary @- \
    "http://127.0.0.1:$port/api/v1/observations?source=office"
}
value_of() { # the day's number: its figure
  day=$(date -u -d "@$(($1 * 86400))" +%Y-%m-%d)
  curl -s -S --max-time 60 "http://127.0.0.1:$port/api/v1/series?name=money&from=$day&to=$day" |
    sed -n 's/.*"value":\([0-9]*\).*/\1/p'
}
all_there() {
  for first in $acknowledged; do
    last=$((first + 99))
    [ "$(value_of "$first")" = "$first" ] || fail "$1: the figure of $first is '$(value_of "$first")'"
    [ "$(value_of "$last")" = "$last" ] || fail "$1: the figure of $last is '$(value_of "$last")'"
  done
}

start
acknowledged=
from=1000
head -c 1000000 /dev/zero >"$disk/filler"
while status=$(post $from) && [ "$status" = 200 ]; do
  acknowledged="$acknowledged $from"
  from=$((from + 100))
  [ $from -lt 40000 ] || fail "the disk does not fill"
done
[ -n "$acknowledged" ] || fail "nothing was taken"
[ "$status" = 503 ] || fail "a full disk is answered $status: $(cat "$work/answer")"
grep -q '"errorType":"unavailable"' "$work/answer" || fail "the answer: $(cat "$work/answer")"
grep -q 'database or disk is full' "$work/answer" || fail "the reason: $(cat "$work/answer")"
[ "$(post $from)" = 503 ] || fail "the next one too"
all_there "while the disk is full"
[ -z "$(value_of $from)" ] || fail "what was refused is seen"
curl -s "http://127.0.0.1:$port/metrics" >"$work/metrics"
grep -q '^zonewatch_failing 1$' "$work/metrics" || fail "the metrics do not say so"
[ "$(grep -c 'a turn failed' "$work/log")" = 1 ] || fail "it is said once"

rm "$disk/filler"
status=$(post $from)
[ "$status" = 200 ] || fail "with room again it is answered $status: $(cat "$work/answer")"
acknowledged="$acknowledged $from"
grep -q 'turns succeed again' "$work/log" || fail "it is said that it goes on"
all_there "with room again"

# A body that is too long to be held and finds no room on the disk is refused with the reason, and takes the room with it.
awk 'BEGIN { wide = sprintf("%4000s", ""); for (i = 0; i < 3000; i++) print "#" wide }' >"$work/long.txt"
status=$(curl -s -S --max-time 60 -o "$work/answer" -w '%{http_code}' --data-binary "@$work/long.txt" "http://127.0.0.1:$port/write")
[ "$status" = 503 ] || fail "a body without room is answered $status: $(cat "$work/answer")"
grep -q 'the body cannot be laid by: No space left on device' "$work/answer" || fail "the reason: $(cat "$work/answer")"
from=$((from + 100))
[ "$(post $from)" = 200 ] || fail "the next one: $(cat "$work/answer")"
acknowledged="$acknowledged $from"

end KILL
start
all_there "after a kill"
[ "$(post $((from + 100)))" = 200 ] || fail "it goes on after a kill"
end TERM
grep -q 'a turn failed' "$work/log" && [ "$(grep -c 'a turn failed' "$work/log")" = 1 ] || fail "said again"
echo "$(echo "$acknowledged" | wc -w) deliveries were taken around a full disk, none is lost"
