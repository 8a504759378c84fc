#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "coven/result.hpp"
#include "coven/secret.hpp"

namespace coven {

/// One thing that can be configured.
struct Setting {
    enum class Kind { text, number, flag, duration, list, secret };

    /// Section and name. Example: "chat.channels".
    std::string key;
    Kind kind = Kind::text;
    /// The default, written as on a command line: "18", "12s", "true", "a,b".
    std::string fallback;
    /// One sentence, lower case, no full stop.
    std::string help;
};

/// What a program was told, checked: flag over environment over file over default.
///
/// In the file a setting stands as `[section] name = value`; in the environment as
/// COVEN_SECTION_NAME, or COVEN_SECTION_NAME_FILE for a file that holds the value; on the command
/// line as --section.name (a secret: the file that holds it). Durations are "550ms", "12s", "5m",
/// "1h"; lists are arrays in the file and joined by commas elsewhere.
class Config {
  public:
    struct Sources {
        /// Path of a TOML file; none = no file.
        std::optional<std::string> file;
        std::map<std::string, std::string> environment;
        /// Key and value of each --section.name that was given.
        std::vector<std::pair<std::string, std::string>> flags;
    };

    /// Fails with one line that names the file, the line and the key: for a value of the wrong
    /// kind, and for an unknown name in a section that `settings` knows, with the nearest known
    /// name. Sections that no setting mentions belong to other programs and are left alone.
    static Result<Config> load(std::vector<Setting> settings, const Sources& sources);
    /// Defaults alone.
    static Config defaults(std::vector<Setting> settings);

    /// Each asserts that the key was declared with that kind.
    const std::string& text(std::string_view key) const;
    std::int64_t number(std::string_view key) const;
    bool flag(std::string_view key) const;
    std::chrono::milliseconds duration(std::string_view key) const;
    const std::vector<std::string>& list(std::string_view key) const;
    const Secret& secret(std::string_view key) const;

  private:
    struct Value {
        std::string text;
        std::int64_t number = 0;
        bool flag = false;
        std::chrono::milliseconds duration{0};
        std::vector<std::string> list;
        Secret secret;
    };
    friend class ConfigReader;

    const Value& value(std::string_view key) const;

    std::map<std::string, Value, std::less<>> values_;
};

/// "12s" → 12 000 ms. Units ms, s, m, h, d.
Result<std::chrono::milliseconds> parse_duration(std::string_view text);

/// The settings that every program understands: [bus], [twitch], [metrics] and [log].
std::vector<Setting> common_settings();

}  // namespace coven
