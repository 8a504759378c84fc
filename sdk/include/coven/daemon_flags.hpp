#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "coven/connector.hpp"

namespace coven {

/// A flag of a daemon. Parsing, --help, --describe, completions and man pages come from these.
struct DaemonFlag {
    /// Example: "--join-limit".
    std::string name;
    /// Other spellings. Example: "-c", "--chat-join-limit".
    std::vector<std::string> others = {};
    /// What stands after it. Example: "FILE"; empty: it stands alone.
    std::string value = {};
    std::string help = {};
    std::string fallback = {};
    /// The variable that says the same.
    std::string variable = {};
    Setting::Kind kind = Setting::Kind::flag;
    /// Of a choice: its words.
    std::vector<std::string> choices = {};
    /// The setting that it gives a value; empty for none.
    std::string key = {};
};

/// All flags of the program: first those that every daemon takes, then one for each setting.
std::vector<DaemonFlag> flags_of(const Manifest& manifest);

/// The settings of the program: its own, then the common ones; of those it may have made one its
/// own, to change the default.
std::vector<Setting> settings_of(const Manifest& manifest);

/// Exit statuses of every daemon, with their meaning.
const std::vector<std::pair<int, std::string_view>>& daemon_statuses();

/// The flag that `word` spells, be it with '-', '_' or '.', or null. Example: "--chat.join_limit".
const DaemonFlag* flag_spelled(const std::vector<DaemonFlag>& flags, std::string_view word);

}  // namespace coven
