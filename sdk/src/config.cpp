#include "coven/config.hpp"

#include <algorithm>
#include <cassert>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <unistd.h>

#include "config_value.hpp"
#include "coven/config_file.hpp"
#include "coven/nearest.hpp"

namespace coven {

namespace {

Result<std::string> contents_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    // Copying nothing counts as a failure.
    const bool empty = file.peek() == std::ifstream::traits_type::eof() && file.eof();
    if (!file.is_open() || (!empty && !(text << file.rdbuf()))) {
        return Error("cannot read '" + path + "'");
    }
    // Text converts to Error as well, so the value must be named as one.
    return {boost::system::in_place_value, trimmed(text.str())};
}

/// '.' and '_' become `separator`.
std::string joined_by(char separator, std::string text) {
    const auto joins = [](char c) { return c == '.' || c == '_' || c == '-'; };
    std::replace_if(text.begin(), text.end(), joins, separator);
    return text;
}

}  // namespace

std::vector<std::string> Setting::choices() const {
    std::vector<std::string> words;
    std::istringstream parts(allowed);
    for (std::string word; std::getline(parts, word, '|');) words.push_back(word);
    return words;
}

std::string Setting::variable() const {
    auto name = joined_by('_', "COVEN." + key);
    const auto upper = [](unsigned char c) { return static_cast<char>(std::toupper(c)); };
    std::transform(name.begin(), name.end(), name.begin(), upper);
    return name;
}

std::string Setting::flag() const { return "--" + joined_by('-', key); }

std::map<std::string, std::string> coven_environment() {
    std::map<std::string, std::string> ours;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const auto equals = text.find('=');
        if (!text.starts_with("COVEN_") || equals == std::string_view::npos) continue;
        ours.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return ours;
}

/// Fills one Config, the weakest source first.
class ConfigReader {
  public:
    explicit ConfigReader(std::vector<Setting> settings) : settings_(std::move(settings)) {}

    ConfigReading read(const Config::Sources& sources) {
        for (const auto& setting : settings_) note(set(setting, setting.fallback, "default"));
        if (sources.file) read_file(*sources.file);
        read_environment(sources.environment);
        for (const auto& given : sources.flags) note(read_flag(given));
        return std::move(reading_);
    }

  private:
    using Fault = std::optional<Error>;

    void note(Fault fault) {
        if (fault) reading_.faults.push_back(*std::move(fault));
    }

    const Setting* find(std::string_view key) const {
        const auto same = [&](const Setting& setting) { return setting.key == key; };
        const auto found = std::find_if(settings_.begin(), settings_.end(), same);
        return found == settings_.end() ? nullptr : &*found;
    }

    bool knows_section(std::string_view section) const {
        const auto in = [&](const Setting& setting) { return setting.section() == section; };
        return std::any_of(settings_.begin(), settings_.end(), in);
    }

    /// What is wrong with `text` as a value of `setting`, without saying where it stood; then the
    /// value stays what it was.
    Fault set(const Setting& setting, const std::string& text, const std::string& origin) {
        using Kind = Setting::Kind;
        Config::Value value;
        value.origin = origin;
        Fault fault;
        if (setting.kind == Kind::secret) {
            value.secret = Secret(text);
        } else {
            value.text = text;
        }
        if (setting.kind == Kind::list) value.list = parse_list(text);
        if (setting.kind == Kind::number) fault = keep(parse_number(text), value.number);
        if (setting.kind == Kind::flag) fault = keep(parse_flag(text), value.flag);
        if (setting.kind == Kind::duration) fault = keep(parse_duration(text), value.duration);
        if (!fault) fault = value_fault(setting, text);
        if (!fault) reading_.config.values_[setting.key] = std::move(value);
        return fault;
    }

    template <class T>
    static Fault keep(const Result<T>& parsed, T& kept) {
        if (parsed.has_error()) return parsed.error();
        kept = *parsed;
        return {};
    }

    void read_file(const std::string& path) {
        const auto sections = read_config_file(path);
        if (sections.has_error()) return note(sections.error());
        for (const auto& section : *sections) {
            const auto knows = knows_section(section.name);
            if (!knows) reading_.strange.push_back({place(path, section.line), section.name});
            for (const auto& entry : section.entries) {
                if (knows) note(read_entry(entry, place(path, entry.line)));
            }
        }
    }

    static std::string place(const std::string& path, std::size_t line) {
        return path + ":" + std::to_string(line);
    }

    Fault read_entry(const ConfigEntry& entry, const std::string& where) {
        const auto* setting = find(entry.key);
        if (setting == nullptr) {
            return Error(where + ": unknown key '" + entry.key + "'" +
                         did_you_mean(entry.key, keys()));
        }
        return named(where + ": '" + entry.key + "'", set_from_file(*setting, entry, where));
    }

    Fault set_from_file(const Setting& setting, const ConfigEntry& entry,
                        const std::string& where) {
        if (entry.is_list && setting.kind != Setting::Kind::list) {
            return Error("takes one value, not a list");
        }
        if (entry.is_table) return Error("is a value, not a table");
        auto fault = set(setting, entry.text, where);
        // The items of an array stand for themselves, whatever commas they hold.
        if (!fault && entry.is_list) reading_.config.values_[setting.key].list = entry.items;
        return fault;
    }

    void read_environment(const std::map<std::string, std::string>& environment) {
        auto strange = environment;
        for (const auto& setting : settings_) {
            note(read_variables(setting, environment));
            strange.erase(setting.variable());
            strange.erase(setting.variable() + "_FILE");
        }
        for (const auto& [name, value] : strange) reading_.strange.push_back({"", name});
    }

    /// COVEN_SECTION_NAME, or the file that COVEN_SECTION_NAME_FILE names.
    Fault read_variables(const Setting& setting,
                         const std::map<std::string, std::string>& environment) {
        const auto name = setting.variable();
        const auto direct = environment.find(name);
        const auto by_file = environment.find(name + "_FILE");
        const auto none = environment.end();
        if (direct != none && by_file != none) {
            return Error(fmt::format("{0} and {0}_FILE are both set: remove one", name));
        }
        if (direct != none) return named(name, set(setting, direct->second, name));
        if (by_file == none) return {};
        const auto text = contents_of(by_file->second);
        if (text.has_error()) return Error(name + "_FILE: " + text.error().message);
        return named(name + "_FILE", set(setting, *text, name + "_FILE"));
    }

    /// `fault` with the name of what it was found in.
    static Fault named(const std::string& name, Fault fault) {
        if (fault) fault->message.insert(0, name + " ");
        return fault;
    }

    Fault read_flag(const GivenFlag& given) {
        const auto* setting = find(given.key);
        if (setting == nullptr) {
            return Error("unknown flag '--" + given.key + "'" + did_you_mean(given.key, keys()));
        }
        const auto name = given.name.empty() ? setting->flag() : given.name;
        if (setting->kind != Setting::Kind::secret) {
            return named(name, set(*setting, given.text, name));
        }
        // A command line can be seen by everybody on the machine: it names the file alone.
        const auto text = contents_of(given.text);
        if (text.has_error()) return Error(name + ": " + text.error().message);
        return set(*setting, *text, name);
    }

    std::vector<std::string> keys() const {
        std::vector<std::string> all;
        all.reserve(settings_.size());
        for (const auto& setting : settings_) all.push_back(setting.key);
        return all;
    }

    std::vector<Setting> settings_;
    ConfigReading reading_;
};

ConfigReading Config::read(std::vector<Setting> settings, const Sources& sources) {
    return ConfigReader(std::move(settings)).read(sources);
}

Result<Config> Config::load(std::vector<Setting> settings, const Sources& sources) {
    auto reading = read(std::move(settings), sources);
    if (!reading.faults.empty()) return reading.faults.front();
    return std::move(reading.config);
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

const std::string& Config::origin(std::string_view key) const { return value(key).origin; }

std::string Config::shown(std::string_view key) const {
    const auto& found = value(key);
    if (!found.secret.empty()) return "[redacted]";
    if (found.list.empty()) return found.text;
    return fmt::format("{}", fmt::join(found.list, ","));
}

std::vector<Setting> common_settings() {
    using Kind = Setting::Kind;
    return {
        {"bus.publish", Kind::address, "tcp://127.0.0.1:5555", "the broker's door for events in"},
        {"bus.subscribe", Kind::address, "tcp://127.0.0.1:5556",
         "the broker's door for events out"},
        {"bus.request", Kind::address, "tcp://127.0.0.1:5557", "the broker's door for requests"},
        {"twitch.id_url", Kind::url, "https://id.twitch.tv/oauth2", "Twitch's token server",
         "https|http"},
        {"twitch.helix_url", Kind::url, "https://api.twitch.tv/helix", "Twitch's REST interface",
         "https|http"},
        {"twitch.eventsub_url", Kind::url, "wss://eventsub.wss.twitch.tv/ws", "Twitch's EventSub",
         "wss|ws"},
        {"twitch.eventsub_subscriptions_url", Kind::url,
         "https://api.twitch.tv/helix/eventsub/subscriptions",
         "where EventSub is told what to send", "https|http"},
        {"twitch.chat_url", Kind::url, "wss://irc-ws.chat.twitch.tv:443", "Twitch's chat server",
         "wss|ws"},
        {"twitch.heat_url", Kind::url, "wss://heat-api.j38.net/channel/", "the Heat extension",
         "wss|ws"},
        {"twitch.ca_file", Kind::file, "",
         "PEM file of certificates to trust instead of the system's"},
        {"twitch.client_id", Kind::text, "",
         "client id of your application at https://dev.twitch.tv/console; `coven login` says how "
         "to get one"},
        {"twitch.client_secret", Kind::secret, "",
         "only of a confidential application; a public one has none"},
        {"twitch.token_folder", Kind::path, "",
         "folder for the accounts' tokens; default $STATE_DIRECTORY/tokens or "
         "~/.local/state/coven/tokens"},
        {"metrics.listen", Kind::listen, "127.0.0.1:0",
         "host:port of /metrics, /livez and /readyz, 0 = any free one, or off; a port is for one "
         "program, so in a file that several read leave it at 0"},
        {"log.level", Kind::choice, "info", "the least that is logged", "debug|info|warn|error"},
        {"log.format", Kind::choice, "automatic",
         "how it is written; automatic = human on a terminal, else json", "automatic|human|json"},
    };
}

}  // namespace coven
