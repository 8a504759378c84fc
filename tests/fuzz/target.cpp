#include "target.hpp"

#include <cstdio>
#include <cstdlib>

void broken(const char* promise) {
    std::fprintf(stderr, "broken promise: %s\n", promise);
    std::abort();
}

/// libFuzzer's way in: https://llvm.org/docs/LibFuzzer.html (read 2026-11-22)
// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    look_at({reinterpret_cast<const char*>(bytes), size});
    return 0;
}
