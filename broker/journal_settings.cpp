#include "journal_settings.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <string>
#include <utility>

#include "coven/topic.hpp"

namespace coven::broker {

namespace {

constexpr std::array<std::pair<std::string_view, int>, 5> units = {
    {{"", 0}, {"KiB", 10}, {"MiB", 20}, {"GiB", 30}, {"TiB", 40}}};

Error no_size(std::string_view text) {
    return Error("is no size such as 512MiB or 10GiB: '" + std::string(text) + "'");
}

Result<Retention::Limit> parse_limit(std::string_view age, std::string_view size) {
    Retention::Limit limit;
    if (!age.empty()) {
        const auto parsed = parse_duration(age);
        if (parsed.has_error()) return parsed.error();
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*parsed);
        if (seconds.count() > 0) limit.age = seconds;
    }
    if (!size.empty()) {
        const auto parsed = parse_size(size);
        if (parsed.has_error()) return parsed.error();
        if (*parsed > 0) limit.bytes = *parsed;
    }
    return limit;
}

/// "chat=24h:20GiB", "chat=24h" or "chat=:20GiB"; what is left out holds as for all.
Result<void> read_family(std::string_view text, Retention& retention) {
    const auto equals = text.find('=');
    const auto name = text.substr(0, equals);
    if (equals == std::string_view::npos || word_fault(name) != nullptr) {
        return Error("is no limit such as chat=24h:20GiB: '" + std::string(text) + "'");
    }
    const auto rest = text.substr(equals + 1);
    const auto colon = rest.find(':');
    const auto age = rest.substr(0, colon);
    const auto size = colon == std::string_view::npos ? "" : rest.substr(colon + 1);
    auto limit = parse_limit(age, size);
    if (limit.has_error()) return Error("of '" + std::string(name) + "': " + limit.error().message);
    if (age.empty()) limit->age = retention.all.age;
    if (size.empty()) limit->bytes = retention.all.bytes;
    retention.families.insert_or_assign(std::string(name), *limit);
    return {};
}

Error with_key(const char* key, const Error& error) {
    return Error(std::string(key) + " " + error.message);
}

}  // namespace

Result<std::uint64_t> parse_size(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (code != std::errc()) return no_size(text);
    const std::string_view unit(end, text.data() + text.size());
    for (const auto& [name, shift] : units) {
        if (unit != name) continue;
        if (number > std::numeric_limits<std::uint64_t>::max() >> shift) return no_size(text);
        return number << shift;
    }
    return no_size(text);
}

Result<JournalSettings> journal_settings_from(const Config& config) {
    JournalSettings settings;
    const auto& durability = config.text("journal.durability");
    if (durability == "off") settings.durability.reset();
    if (durability == "interval") settings.durability = Durability::interval;
    settings.sync_interval = config.duration("journal.sync_interval");
    const auto age =
        std::chrono::duration_cast<std::chrono::seconds>(config.duration("journal.keep_age"));
    if (age.count() > 0) settings.retention.all.age = age;
    const auto size = parse_size(config.text("journal.keep_size"));
    if (size.has_error()) return with_key("journal.keep_size", size.error());
    if (*size > 0) settings.retention.all.bytes = *size;
    for (const auto& text : config.list("journal.limits")) {
        const auto read = read_family(text, settings.retention);
        if (read.has_error()) return with_key("journal.limits", read.error());
    }
    const auto& families = config.list("journal.families");
    for (const auto& family : families) {
        if (const char* fault = word_fault(family)) {
            return Error(std::string("journal.families ") + fault + ": '" + family + "'");
        }
    }
    settings.families = KeptFamilies(families);
    settings.honour_deletes = config.flag("journal.honour_deletes");
    settings.keep_raw = config.flag("journal.keep_raw");
    return settings;
}

}  // namespace coven::broker
