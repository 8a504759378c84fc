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
    enum class Kind {
        text,
        number,
        flag,
        duration,
        list,
        secret,
        /// One of some words.
        choice,
        /// Of one of the broker's doors.
        address,
        /// Where a program listens: host:port, or "off".
        listen,
        /// scheme://host, perhaps with more.
        url,
        /// Read by the program: it must be there. Empty = none.
        file,
        /// A file or folder that need not be there yet.
        path,
    };

    /// Section and name. Example: "chat.channels".
    std::string key;
    Kind kind = Kind::text;
    /// The default, written as on a command line: "18", "12s", "true", "a,b".
    std::string fallback;
    /// One sentence, lower case, no full stop.
    std::string help;
    /// A choice: its words, "debug|info"; a URL: its schemes. A number or a duration: "1..2000",
    /// "1s..".
    std::string allowed = {};

    std::string section() const { return key.substr(0, key.find('.')); }
    /// The part after the section.
    std::string name() const { return key.substr(key.find('.') + 1); }
    std::vector<std::string> choices() const;
    /// In the environment. Example: "COVEN_CHAT_CHANNELS".
    std::string variable() const;
    /// On any command line. Example: "--chat-join-limit".
    std::string flag() const;
};

/// A setting that was given on the command line.
struct GivenFlag {
    std::string key;
    std::string text;
    /// As people know it; empty: `Setting::flag`.
    std::string name = {};
};

struct ConfigReading;

/// What a program was told, checked: flag over environment over file over default.
///
/// In the file a setting stands as `[section] name = value`; in the environment as
/// COVEN_SECTION_NAME, or COVEN_SECTION_NAME_FILE for a file that holds the value; on the command
/// line as --section-name (a secret: the file that holds it). Durations are "550ms", "12s", "5m",
/// "1h"; lists are arrays in the file and joined by commas elsewhere.
class Config {
  public:
    struct Sources {
        /// Path of a TOML file; none = no file.
        std::optional<std::string> file;
        std::map<std::string, std::string> environment;
        std::vector<GivenFlag> flags;
    };

    /// Fails with one line that names the file, the line and the key: for a value of the wrong
    /// kind, and for an unknown name in a section that `settings` knows, with the nearest known
    /// name. Sections that no setting mentions belong to other programs and are left alone.
    static Result<Config> load(std::vector<Setting> settings, const Sources& sources);
    /// The same, with all that is wrong; a wrong value leaves that of the weaker source in force.
    static ConfigReading read(std::vector<Setting> settings, const Sources& sources);
    /// Defaults alone.
    static Config defaults(std::vector<Setting> settings);

    /// Each asserts that the key was declared with that kind.
    const std::string& text(std::string_view key) const;
    std::int64_t number(std::string_view key) const;
    bool flag(std::string_view key) const;
    std::chrono::milliseconds duration(std::string_view key) const;
    const std::vector<std::string>& list(std::string_view key) const;
    const Secret& secret(std::string_view key) const;

    /// Where a value comes from: "default", "FILE:LINE", the variable or the flag.
    const std::string& origin(std::string_view key) const;
    /// A value of any kind as on a command line; a secret as "[redacted]".
    std::string shown(std::string_view key) const;

  private:
    struct Value {
        std::string text;
        std::int64_t number = 0;
        bool flag = false;
        std::chrono::milliseconds duration{0};
        std::vector<std::string> list;
        Secret secret;
        std::string origin;
    };
    friend class ConfigReader;

    const Value& value(std::string_view key) const;

    std::map<std::string, Value, std::less<>> values_;
};

/// What no setting mentions: meant for another program, or a mistake.
struct Stranger {
    /// Of a section: "FILE:LINE". Empty for a variable.
    std::string where;
    std::string name;
};

struct ConfigReading {
    Config config;
    /// Each as `Config::load` words it.
    std::vector<Error> faults;
    std::vector<Stranger> strange;
};

/// Variables of the environment whose names begin with COVEN_.
std::map<std::string, std::string> coven_environment();

/// "12s" → 12 000 ms. Units ms, s, m, h, d.
Result<std::chrono::milliseconds> parse_duration(std::string_view text);
/// "a, b" → a and b: items without the blanks around them; empty ones are left out.
std::vector<std::string> parse_list(std::string_view text);

/// The settings that every program understands: [bus], [twitch], [metrics] and [log].
std::vector<Setting> common_settings();

}  // namespace coven
