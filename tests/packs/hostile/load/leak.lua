-- a global that is kept for all files
-- told 4:1: a global 'leak' leaks: write local leak
zone "z" { timezone = "UTC" }
leak = 1
