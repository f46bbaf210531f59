# Samples as "metric;label=value;…;second;value", labels sorted: of a scrape, or (is_export) of our CSV. Read by run.

function add(name, value) {
  if (value != "") part[++parts] = name "=" value
}

function print_sample(metric, second, value,    i, k, line, moved) {
  for (i = 2; i <= parts; i++) {
    moved = part[i]
    for (k = i - 1; k >= 1 && part[k] > moved; k--) part[k + 1] = part[k]
    part[k + 1] = moved
  }
  line = metric
  for (i = 1; i <= parts; i++) line = line ";" part[i]
  printf "%s;%s;%.17g\n", line, second, value
}

# label="value",… with the escapes of Prometheus.
function take_labels(text,    at, name, value, c) {
  at = 1
  while (at <= length(text)) {
    name = ""
    while ((c = substr(text, at++, 1)) != "=") name = name c
    at++ # the quotation mark
    value = ""
    while ((c = substr(text, at++, 1)) != "\"") {
      if (c == "\\") {
        c = substr(text, at++, 1)
        if (c == "n") c = "\n"
      }
      value = value c
    }
    if (substr(text, at, 1) == ",") at++
    # What is called like a part of a delivery gets another name.
    if (name ~ /^(measure|period|value|status|known_at|source|scope|note|synthetic|metric|area)$/) name = "exported_" name
    add(name, value)
  }
}

function take_csv(text,    at, c, quoted) {
  fields = 1
  field[1] = ""
  quoted = 0
  for (at = 1; at <= length(text); at++) {
    c = substr(text, at, 1)
    if (c == "\"" && quoted && substr(text, at + 1, 1) == "\"") { field[fields] = field[fields] c; at++ }
    else if (c == "\"") quoted = !quoted
    else if (c == "," && !quoted) field[++fields] = ""
    else field[fields] = field[fields] c
  }
}

is_export && NR == 1 {
  take_csv($0)
  columns = fields
  for (i = 1; i <= fields; i++) column[i] = field[i]
  next
}

is_export {
  take_csv($0)
  parts = 0
  for (i = 1; i <= columns; i++) {
    said[column[i]] = field[i]
    if (column[i] !~ /^(measure|area|period|value|status|known_at|source|scope|note|synthetic|metric)$/) add(column[i], field[i])
  }
  print_sample(said["measure"] "_" said["metric"], substr(said["period"], 1, 19), said["value"])
  next
}

/^#/ || /^$/ { next }

{
  line = $0
  parts = 0
  metric = line
  sub(/[{ ].*/, "", metric)
  rest = substr(line, length(metric) + 1)
  if (substr(rest, 1, 1) == "{") {
    # The closing brace is the last one: no value or moment holds any.
    end = 0
    for (i = length(rest); i > 0 && end == 0; i--) if (substr(rest, i, 1) == "}") end = i
    take_labels(substr(rest, 2, end - 2))
    rest = substr(rest, end + 1)
  }
  split(rest, word, " ")
  if (word[1] !~ /(NaN|Inf)/) print_sample(metric, second, word[1])
}
