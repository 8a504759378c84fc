# Writes INPUT as a C++ array to OUTPUT.
file(READ ${INPUT} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
file(WRITE ${OUTPUT} "#include <cstddef>
extern const unsigned char coven_schema_bytes[];
extern const std::size_t coven_schema_size;
const unsigned char coven_schema_bytes[] = {${bytes}};
const std::size_t coven_schema_size = sizeof coven_schema_bytes;
")
