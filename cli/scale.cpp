#include "scale.hpp"

#include <charconv>

#include "coven/config.hpp"

namespace coven::cli {

Result<Scale> parse_scale(std::string_view text) {
    Scale scale;
    for (const auto& item : parse_list(text)) {
        const auto equals = item.find('=');
        const std::string_view digits =
            equals == std::string::npos ? "" : std::string_view(item).substr(equals + 1);
        std::size_t count = 0;
        const auto* end = digits.data() + digits.size();
        const auto read = std::from_chars(digits.data(), end, count);
        const bool number = !digits.empty() && read.ec == std::errc() && read.ptr == end;
        if (!number || equals == 0) {
            return Error("--scale is no KIND=NUMBER such as chat=2: '" + item + "'");
        }
        if (count > most_instances) {
            return Error("--scale is at most " + std::to_string(most_instances) + ": '" + item +
                         "'");
        }
        if (!scale.emplace(item.substr(0, equals), count).second) {
            return Error("--scale names '" + item.substr(0, equals) + "' twice");
        }
    }
    return scale;
}

}  // namespace coven::cli
