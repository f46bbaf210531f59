# A file's bytes as a C source. Run as: cmake -DFILE=… -DOUT=… -DHEADER=… -DNAME=… -P embed.cmake
# Declared by HEADER: `const unsigned char NAME_bytes[]` and `const size_t NAME_len`.
file(READ ${FILE} bytes HEX)
string(LENGTH "${bytes}" digits)
math(EXPR len "${digits} / 2")
string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
string(REGEX REPLACE "(................................................................................)" "\\1\n    " bytes "${bytes}")
get_filename_component(file ${FILE} NAME)
file(WRITE ${OUT}
"/* ${file}, as bytes; made by embed.cmake. */
#include \"${HEADER}\"

const unsigned char ${NAME}_bytes[] = {
    ${bytes}
};
const size_t ${NAME}_len = ${len};
")
