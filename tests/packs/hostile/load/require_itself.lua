-- a file that requires itself, and so runs again: its names are there already
-- told 4:1: zone "z" is declared twice*
-- and 5:9: require "init" goes in a circle
zone "z" { timezone = "UTC" }
require "init"
