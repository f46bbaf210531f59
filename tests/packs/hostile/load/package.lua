-- a library of the machine
-- told 4:1: 'package' is not offered to packs
zone "z" { timezone = "UTC" }
package.loadlib("libc.so.6", "system")
