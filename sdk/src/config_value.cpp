#include "config_value.hpp"

#include <algorithm>
#include <charconv>

#include <sys/stat.h>
#include <unistd.h>

#include "coven/bus.hpp"
#include "coven/in_quotes.hpp"
#include "coven/metrics.hpp"

namespace coven {

namespace {

using Fault = std::optional<Error>;

struct Unit {
    std::string_view name;
    std::int64_t milliseconds;
};
constexpr Unit units[] = {
    {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};

/// A hundred years: far from what a clock in nanoseconds cannot hold.
constexpr std::int64_t longest_duration_ms = 36'525 * units[4].milliseconds;

/// What is compared: the number, or the duration's milliseconds.
std::int64_t size_of(Setting::Kind kind, std::string_view text) {
    if (kind == Setting::Kind::duration) return parse_duration(text).value().count();
    return parse_number(text).value();
}

Fault range_fault(const Setting& setting, std::string_view text) {
    const std::string_view allowed = setting.allowed;
    const auto dots = allowed.find("..");
    if (dots == std::string_view::npos) return {};
    const auto least = allowed.substr(0, dots);
    const auto most = allowed.substr(dots + 2);
    const auto size = size_of(setting.kind, text);
    const bool low = !least.empty() && size < size_of(setting.kind, least);
    const bool high = !most.empty() && size > size_of(setting.kind, most);
    if (!low && !high) return {};
    if (most.empty()) return Error("is below " + std::string(least) + ": " + in_quotes(text));
    return Error("is not from " + std::string(least) + " to " + std::string(most) + ": " +
                 in_quotes(text));
}

Fault choice_fault(const Setting& setting, std::string_view text) {
    const auto words = setting.choices();
    if (std::find(words.begin(), words.end(), text) != words.end()) return {};
    std::string list;
    for (const auto& word : words) list += (list.empty() ? "" : ", ") + word;
    return Error("is none of " + list + ": " + in_quotes(text));
}

Fault url_fault(const Setting& setting, std::string_view text) {
    const auto colon = text.find("://");
    const auto schemes = setting.choices();
    const auto scheme = std::find(schemes.begin(), schemes.end(), text.substr(0, colon));
    const bool has_host = colon != std::string_view::npos && colon + 3 < text.size() &&
                          text.find_first_of(" /\t", colon + 3) != colon + 3;
    if (has_host && scheme != schemes.end()) return {};
    return Error("is no URL such as " + schemes.front() + "://host/path: " + in_quotes(text));
}

/// Empty = none is wanted.
Fault file_fault(const std::string& path) {
    struct stat found {};
    if (path.empty()) return {};
    if (stat(path.c_str(), &found) != 0) return Error("names no file: " + in_quotes(path));
    if (S_ISDIR(found.st_mode)) return Error("names a folder, not a file: " + in_quotes(path));
    if (access(path.c_str(), R_OK) == 0) return {};
    return Error("names a file that may not be read: " + in_quotes(path));
}

}  // namespace

Result<std::int64_t> parse_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc() || end != text.data() + text.size()) {
        return Error("is no whole number: " + in_quotes(text));
    }
    return number;
}

Result<bool> parse_flag(std::string_view text) {
    for (const auto* yes : {"true", "yes", "on", "1"}) {
        if (text == yes) return true;
    }
    for (const auto* no : {"false", "no", "off", "0"}) {
        if (text == no) return false;
    }
    return Error("is neither true nor false: " + in_quotes(text));
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::vector<std::string> parse_list(std::string_view text) {
    std::vector<std::string> items;
    while (!text.empty()) {
        const auto comma = text.find(',');
        const auto item = trimmed(text.substr(0, comma));
        if (!item.empty()) items.emplace_back(item);
        text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    }
    return items;
}

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
    const auto digits = text.find_first_not_of("0123456789");
    const auto number = parse_number(text.substr(0, digits));
    for (const auto& unit : units) {
        if (digits == std::string_view::npos || number.has_error()) break;
        if (text.substr(digits) != unit.name) continue;
        if (*number > longest_duration_ms / unit.milliseconds) break;
        return std::chrono::milliseconds{*number * unit.milliseconds};
    }
    if (text == "0") return std::chrono::milliseconds{0};
    return Error("is no duration such as 550ms, 12s, 5m or 1h: " + in_quotes(text));
}

Fault value_fault(const Setting& setting, const std::string& text) {
    switch (setting.kind) {
        case Setting::Kind::number:
        case Setting::Kind::duration:
            return range_fault(setting, text);
        case Setting::Kind::choice:
            return choice_fault(setting, text);
        case Setting::Kind::address:
            return address_fault(text);
        case Setting::Kind::listen:
            return listen_fault(text);
        case Setting::Kind::url:
            return url_fault(setting, text);
        case Setting::Kind::file:
            return file_fault(text);
        default:
            return {};
    }
}

}  // namespace coven
