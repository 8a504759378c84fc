#pragma once

#include <cstdint>
#include <string_view>

/// What a target looks at: any bytes. Ends the process by `demand` when a promise does not hold.
void look_at(std::string_view input);

/// Aborts, with `promise` on stderr, unless it `holds`: fuzzer and sanitizer then keep the input.
void demand(bool holds, const char* promise);
