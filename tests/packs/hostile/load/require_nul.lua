-- require with a NUL, behind which another name hides
-- told 4: require takes the name of a module
zone "z" { timezone = "UTC" }
require "a\0../../x"
