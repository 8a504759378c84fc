#include "log_text.hpp"

#include <array>

#include <fmt/format.h>

#include "coven/utf8.hpp"

namespace coven::log {

namespace {

const char* name_of(Level level) {
    constexpr std::array names = {"debug", "info", "warn", "error"};
    return names.at(static_cast<std::size_t>(level));
}

bool is_plain(std::string_view text) {
    if (text.empty()) return false;
    for (const char c : text) {
        if (c <= ' ' || c > '~' || c == '"' || c == '\\' || c == '=') return false;
    }
    return true;
}

enum class Escapes { json, human };

void append_number(std::string& out, char32_t point, Escapes escapes) {
    const auto number = static_cast<std::uint32_t>(point);
    if (number <= 0xffff) {
        out += fmt::format("\\u{:04x}", number);
    } else if (escapes == Escapes::human) {
        out += fmt::format("\\U{:08x}", number);
    } else {
        // JSON writes these as a pair of surrogates.
        const auto above = number - 0x10000;
        out += fmt::format("\\u{:04x}\\u{:04x}", 0xd800 + (above >> 10), 0xdc00 + (above & 0x3ff));
    }
}

void append_escaped(std::string& out, std::string_view text, Escapes escapes) {
    while (!text.empty()) {
        const auto point = take_code_point(text);
        if (!point.valid) {
            // JSON has no escape for a byte that is no text.
            out += escapes == Escapes::json ? "\xef\xbf\xbd"
                                            : fmt::format("\\x{:02x}", point.bytes.front() & 0xff);
        } else if (point.value == '"' || point.value == '\\') {
            out += '\\';
            out += point.bytes;
        } else if (point.value == '\n') {
            out += "\\n";
        } else if (is_unprintable(point.value)) {
            append_number(out, point.value, escapes);
        } else {
            out += point.bytes;
        }
    }
}

}  // namespace

std::string escaped(std::string_view text) {
    std::string out;
    append_escaped(out, text, Escapes::human);
    return out;
}

std::string json_line(std::string_view time, Level level, std::string_view program,
                      std::string_view event, Fields fields) {
    std::string out = fmt::format(R"({{"time":"{}","level":"{}","program":"{}","event":")", time,
                                  name_of(level), program);
    append_escaped(out, event, Escapes::json);
    out += '"';
    for (const auto& field : fields) {
        out += fmt::format(R"(,"{}":")", field.key);
        append_escaped(out, field.value, Escapes::json);
        out += '"';
    }
    return out + "}";
}

std::string human_line(std::string_view time, Level level, std::string_view program,
                       std::string_view event, Fields fields) {
    auto out = fmt::format("{} {:<5} {} {}", time, name_of(level), program, escaped(event));
    for (const auto& field : fields) {
        const auto form = is_plain(field.value) ? " {}={}" : " {}=\"{}\"";
        out += fmt::format(fmt::runtime(form), field.key, escaped(field.value));
    }
    return out;
}

}  // namespace coven::log
