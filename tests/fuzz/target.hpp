#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>

/// What a target looks at: any bytes. Ends the process, by `demand`, when a promise does not hold.
void look_at(std::string_view input);

/// Aborts with `promise` on stderr: fuzzer and sanitizer then keep the input.
[[noreturn]] void broken(const char* promise);

/// `broken` unless it `holds`. Takes nothing but a bool, lest a pointer passes for one.
template <std::same_as<bool> Answer>
void demand(Answer holds, const char* promise) {
    if (!holds) broken(promise);
}
