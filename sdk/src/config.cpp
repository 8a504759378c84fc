#include "coven/config.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <fstream>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "coven/config_file.hpp"

namespace coven {

namespace {

struct Unit {
    std::string_view name;
    std::int64_t milliseconds;
};
constexpr Unit units[] = {
    {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};

/// A hundred years: far from what a clock in nanoseconds cannot hold.
constexpr std::int64_t longest_duration_ms = 36'525 * units[4].milliseconds;

Result<std::int64_t> parse_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc() || end != text.data() + text.size()) {
        return Error("is no whole number: '" + std::string(text) + "'");
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
    return Error("is neither true nor false: '" + std::string(text) + "'");
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

std::string environment_name(std::string_view key) {
    std::string name = "COVEN_";
    for (const char c : key) {
        name += c == '.' || c == '-' ? '_' : static_cast<char>(std::toupper(c));
    }
    return name;
}

Result<std::string> contents_of(const std::string& path) {
    std::ifstream file(path);
    std::ostringstream text;
    if (!file || !(text << file.rdbuf())) return Error("cannot read '" + path + "'");
    // Text converts to Error as well, so the value must be named as one.
    return {boost::system::in_place_value, trimmed(text.str())};
}

}  // namespace

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
    return Error("is no duration such as 550ms, 12s, 5m or 1h: '" + std::string(text) + "'");
}

/// Fills one Config, the weakest source first.
class ConfigReader {
  public:
    explicit ConfigReader(std::vector<Setting> settings) : settings_(std::move(settings)) {}

    Result<Config> read(const Config::Sources& sources) {
        for (const auto& setting : settings_) {
            if (const auto fault = set(setting, setting.fallback)) return *fault;
        }
        if (sources.file) {
            if (const auto fault = read_file(*sources.file)) return *fault;
        }
        if (const auto fault = read_environment(sources.environment)) return *fault;
        for (const auto& [key, value] : sources.flags) {
            if (const auto fault = read_flag(key, value)) return *fault;
        }
        return std::move(config_);
    }

  private:
    using Fault = std::optional<Error>;

    const Setting* find(std::string_view key) const {
        const auto same = [&](const Setting& setting) { return setting.key == key; };
        const auto found = std::find_if(settings_.begin(), settings_.end(), same);
        return found == settings_.end() ? nullptr : &*found;
    }

    bool knows_section(std::string_view section) const {
        const auto in = [&](const Setting& setting) {
            return std::string_view(setting.key).substr(0, setting.key.find('.')) == section;
        };
        return std::any_of(settings_.begin(), settings_.end(), in);
    }

    /// What is wrong with `text` as a value of `setting`, without saying where it stood.
    Fault set(const Setting& setting, const std::string& text) {
        auto& value = config_.values_[setting.key];
        value = {};
        if (setting.kind == Setting::Kind::secret) {
            value.secret = Secret(text);
            return {};
        }
        value.text = text;
        if (setting.kind == Setting::Kind::list) value.list = parse_list(text);
        if (setting.kind == Setting::Kind::number) return keep(parse_number(text), value.number);
        if (setting.kind == Setting::Kind::flag) return keep(parse_flag(text), value.flag);
        if (setting.kind == Setting::Kind::duration)
            return keep(parse_duration(text), value.duration);
        return {};
    }

    template <class T>
    static Fault keep(const Result<T>& parsed, T& kept) {
        if (parsed.has_error()) return parsed.error();
        kept = *parsed;
        return {};
    }

    Fault read_file(const std::string& path) {
        const auto sections = read_config_file(path);
        if (sections.has_error()) return sections.error();
        for (const auto& section : *sections) {
            if (!knows_section(section.name)) continue;
            for (const auto& entry : section.entries) {
                if (auto fault = read_entry(path, entry)) return fault;
            }
        }
        return {};
    }

    Fault read_entry(const std::string& path, const ConfigEntry& entry) {
        const auto where = path + ":" + std::to_string(entry.line) + ": ";
        const auto* setting = find(entry.key);
        if (setting == nullptr) {
            return Error(where + "unknown key '" + entry.key + "'" + suggestion(entry.key));
        }
        const auto fault = set_from_file(*setting, entry);
        if (fault) return Error(where + "'" + entry.key + "' " + fault->message);
        return {};
    }

    Fault set_from_file(const Setting& setting, const ConfigEntry& entry) {
        if (entry.is_list && setting.kind != Setting::Kind::list) {
            return Error("takes one value, not a list");
        }
        if (entry.is_table) return Error("is a value, not a table");
        auto fault = set(setting, entry.text);
        // The items of an array stand for themselves, whatever commas they hold.
        if (!fault && entry.is_list) config_.values_[setting.key].list = entry.items;
        return fault;
    }

    Fault read_environment(const std::map<std::string, std::string>& environment) {
        for (const auto& setting : settings_) {
            if (auto fault = read_variables(setting, environment)) return fault;
        }
        return {};
    }

    /// COVEN_SECTION_NAME, or the file that COVEN_SECTION_NAME_FILE names.
    Fault read_variables(const Setting& setting,
                         const std::map<std::string, std::string>& environment) {
        const auto name = environment_name(setting.key);
        const auto direct = environment.find(name);
        const auto by_file = environment.find(name + "_FILE");
        const auto none = environment.end();
        if (direct != none && by_file != none) {
            return Error(fmt::format("{0} and {0}_FILE are both set: remove one", name));
        }
        if (direct != none) return named(name, set(setting, direct->second));
        if (by_file == none) return {};
        const auto text = contents_of(by_file->second);
        if (text.has_error()) return Error(name + "_FILE: " + text.error().message);
        return named(name + "_FILE", set(setting, *text));
    }

    /// `fault` with the name of what it was found in.
    static Fault named(const std::string& name, Fault fault) {
        if (fault) fault->message.insert(0, name + " ");
        return fault;
    }

    Fault read_flag(const std::string& key, const std::string& text) {
        const auto* setting = find(key);
        if (setting == nullptr) return Error("unknown flag '--" + key + "'" + suggestion(key));
        if (setting->kind == Setting::Kind::secret) return read_secret(*setting, text);
        return named("--" + key, set(*setting, text));
    }

    /// A command line can be seen by everybody on the machine: it names the file alone.
    Fault read_secret(const Setting& setting, const std::string& path) {
        const auto text = contents_of(path);
        if (text.has_error()) return Error("--" + setting.key + ": " + text.error().message);
        return set(setting, *text);
    }

    std::string suggestion(const std::string& key) const {
        std::size_t nearest = 4;
        std::string name;
        for (const auto& setting : settings_) {
            const auto distance = edit_distance(key, setting.key);
            if (distance < nearest) {
                nearest = distance;
                name = setting.key;
            }
        }
        return name.empty() ? "" : ", did you mean '" + name + "'?";
    }

    std::vector<Setting> settings_;
    Config config_;
};

Result<Config> Config::load(std::vector<Setting> settings, const Sources& sources) {
    return ConfigReader(std::move(settings)).read(sources);
}

Config Config::defaults(std::vector<Setting> settings) {
    return load(std::move(settings), {}).value();
}

const Config::Value& Config::value(std::string_view key) const {
    const auto found = values_.find(key);
    assert(found != values_.end() && "setting was not declared");
    return found->second;
}

const std::string& Config::text(std::string_view key) const { return value(key).text; }
std::int64_t Config::number(std::string_view key) const { return value(key).number; }
bool Config::flag(std::string_view key) const { return value(key).flag; }
std::chrono::milliseconds Config::duration(std::string_view key) const {
    return value(key).duration;
}
const std::vector<std::string>& Config::list(std::string_view key) const { return value(key).list; }
const Secret& Config::secret(std::string_view key) const { return value(key).secret; }

std::vector<Setting> common_settings() {
    using Kind = Setting::Kind;
    return {
        {"bus.publish", Kind::text, "tcp://127.0.0.1:5555", "the broker's door for events in"},
        {"bus.subscribe", Kind::text, "tcp://127.0.0.1:5556", "the broker's door for events out"},
        {"bus.request", Kind::text, "tcp://127.0.0.1:5557", "the broker's door for requests"},
        {"twitch.id_url", Kind::text, "https://id.twitch.tv/oauth2", "Twitch's token server"},
        {"twitch.helix_url", Kind::text, "https://api.twitch.tv/helix", "Twitch's REST interface"},
        {"twitch.eventsub_url", Kind::text, "wss://eventsub.wss.twitch.tv/ws", "Twitch's EventSub"},
        {"twitch.chat_url", Kind::text, "wss://irc-ws.chat.twitch.tv:443", "Twitch's chat server"},
        {"twitch.heat_url", Kind::text, "wss://heat-api.j38.net/channel/", "the Heat extension"},
        {"twitch.ca_file", Kind::text, "",
         "PEM file of certificates to trust instead of the system's"},
        {"metrics.listen", Kind::text, "127.0.0.1:0",
         "host:port of /metrics, /livez and /readyz, 0 = any free one, or off; a port is for one "
         "program, so in a file that several read leave it at 0"},
        {"log.level", Kind::text, "info", "debug, info, warn or error"},
        {"log.format", Kind::text, "automatic", "human, json, or automatic: human on a terminal"},
    };
}

}  // namespace coven
