-- utf8.codes over broken text
-- told 5: invalid UTF-8 code
return function()
  local n = 0
  for _, c in utf8.codes("\xFF\xFE\xFD") do n = n + c end
  return n
end
