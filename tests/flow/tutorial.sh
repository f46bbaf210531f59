#!/bin/sh
# README's first ten minutes, as they are written there: tutorial.sh PROGRAM SOURCE_DIR
# The pack and its figures are what `new` writes, and every command says what stands below it (but for those that need a
# second terminal). Days that are today's are any day.
set -eu
program=$1
root=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir bin said
ln -s "$program" bin/zonewatch
PATH=$work/bin:$PATH

fail() {
  echo "FAILED: $1"
  exit 1
}
any_day() {
  sed -e 's/as of 20[-0-9]*$/as of today/' -e 's/20[-0-9]*  due_awaiting/today  due_awaiting/' \
    -e 's/as known 20.*$/as known now/' -e 's/arrived 20[-0-9]*/arrived today/' -e 's/^\(pack .*\) [0-9a-f]*$/\1 HASH/' -e 's/ *$//' -e '/^$/d'
}

awk '/^## A first pack in ten minutes/ { on = 1; next } on && /^## / { exit } on' "$root/README.md" >section
awk '/^```lua/ { on = 1; next } on && /^```/ { exit } on' section >shown.lua
awk '/^    measure,area,period,value,known_at/ { on = 1 } on && !/^    / { exit } on { print substr($0, 5) }' section >shown.csv
printf 'measure,area,period,value\nnew_firms,nrth,2024-Q2,1\nnew_firms,east,2024-04,1\nnew_firms,east,2024-Q2,1 2\n' >bad.csv

# Each command into said/N.run, what README says of it into said/N.expected.
awk '/^    [$] / { n++; print substr($0, 7) >(sprintf("said/%02d.run", n)); next }
  /^[^ ]/ { n += n > 0 && !closed; closed = 1; next }
  { closed = 0 }
  /^    / && n > 0 { print substr($0, 5) >(sprintf("said/%02d.expected", n)) }' section

count=0
for run in said/*.run; do
  expected=${run%.run}.expected
  [ -e "$expected" ] || : >"$expected"
  case $(cat "$run") in
  "zonewatch run lakeside" | curl*) continue ;; # another terminal's
  esac
  sed "s/@20[-0-9]*/@$(date -d tomorrow +%F)/" "$run" >now.run # the pack ran today, wherever its zone is
  cp lakeside/init.lua kept.lua 2>/dev/null || :
  if grep -q evry "$expected"; then sed 's/every = "quarter"/evry = "quarter"/' kept.lua >lakeside/init.lua; fi
  sh now.run 2>&1 | any_day >found || :
  any_day <"$expected" >wanted
  diff wanted found || fail "$(cat "$run") says something else than README"
  if grep -q evry "$expected"; then cp kept.lua lakeside/init.lua; fi
  count=$((count + 1))
done
[ "$count" -ge 9 ] || fail "only $count commands found"
diff shown.lua lakeside/init.lua || fail "README shows another pack than new writes"
diff shown.csv lakeside/firms.csv || fail "README shows other figures than new writes"
echo "the first ten minutes are as README has them: $count commands"
