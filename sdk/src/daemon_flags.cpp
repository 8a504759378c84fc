#include "coven/daemon_flags.hpp"

#include <algorithm>
#include <utility>

#include "coven/daemon.hpp"

namespace coven {

namespace {

using Kind = Setting::Kind;

/// What the help writes for a value of a kind.
std::string value_name(const Setting& setting) {
    switch (setting.kind) {
        case Kind::number:
            return "N";
        case Kind::flag:
            return "true|false";
        case Kind::duration:
            return "TIME";
        case Kind::list:
            return "A,B";
        case Kind::choice:
            return setting.allowed;
        case Kind::address:
            return "ADDRESS";
        case Kind::listen:
            return "HOST:PORT";
        case Kind::url:
            return "URL";
        case Kind::path:
            return "PATH";
        case Kind::secret:
        case Kind::file:
            return "FILE";
        case Kind::text:
            return "TEXT";
    }
    return "TEXT";
}

std::vector<DaemonFlag> flags_of_every_daemon(const std::string& kind) {
    return {
        {"--config", {"-c"}, "FILE", "the coven.toml to read", "", "COVEN_CONFIG", Kind::file},
        {"--instance",
         {},
         "NAME",
         "name of this process on the bus",
         kind + "-1",
         "COVEN_INSTANCE",
         Kind::text},
        {"--check", {}, "", "judge the configuration, say all that is wrong with it, and exit"},
        {"--describe", {}, "", "print what this program is and takes, as JSON, and exit"},
        {"--version", {}, "", "print the version and exit"},
        {"--help", {"-h"}, "", "print this help and exit"},
    };
}

bool is_spelled(const DaemonFlag& flag, std::string_view word) {
    return flag.name == word ||
           std::find(flag.others.begin(), flag.others.end(), word) != flag.others.end();
}

bool is_taken(const std::vector<DaemonFlag>& flags, std::string_view word) {
    const auto taken = [&](const DaemonFlag& flag) { return is_spelled(flag, word); };
    return std::any_of(flags.begin(), flags.end(), taken);
}

std::string dashed(std::string_view word) {
    std::string text(word);
    const auto joins = [](char c) { return c == '.' || c == '_'; };
    std::replace_if(text.begin(), text.end(), joins, '-');
    return text;
}

DaemonFlag flag_of(const Setting& setting) {
    DaemonFlag flag;
    flag.name = setting.flag();
    flag.value = value_name(setting);
    flag.help = setting.help;
    const bool ranged = setting.kind == Kind::number || setting.kind == Kind::duration;
    if (ranged && !setting.allowed.empty()) flag.help += ", " + setting.allowed;
    flag.fallback = setting.fallback;
    flag.variable = setting.variable();
    flag.kind = setting.kind == Kind::secret ? Kind::file : setting.kind;
    flag.choices = setting.choices();
    flag.key = setting.key;
    if (setting.kind == Kind::flag) flag.choices = {"true", "false"};
    if (setting.kind != Kind::choice && setting.kind != Kind::flag) flag.choices.clear();
    return flag;
}

}  // namespace

std::vector<Setting> settings_of(const Manifest& manifest) {
    auto all = manifest.settings;
    for (auto& setting : common_settings()) {
        const auto same = [&](const Setting& own) { return own.key == setting.key; };
        const bool is_own = std::any_of(all.begin(), all.end(), same);
        if (!is_own) all.push_back(std::move(setting));
    }
    return all;
}

std::vector<DaemonFlag> flags_of(const Manifest& manifest) {
    auto flags = flags_of_every_daemon(manifest.kind);
    for (const auto& setting : settings_of(manifest)) {
        auto flag = flag_of(setting);
        const auto alone = dashed("--" + setting.name());
        // Its section need not be said, unless another flag has that name.
        if (setting.section() == manifest.kind && !is_taken(flags, alone)) {
            flag.others.push_back(std::exchange(flag.name, alone));
        }
        flags.push_back(std::move(flag));
    }
    return flags;
}

const std::vector<std::pair<int, std::string_view>>& daemon_statuses() {
    static const std::vector<std::pair<int, std::string_view>> statuses = {
        {exit_ok, "stopped"},
        {exit_failure, "failed while it ran"},
        {exit_usage, "wrong command line or configuration"},
    };
    return statuses;
}

const DaemonFlag* flag_spelled(const std::vector<DaemonFlag>& flags, std::string_view word) {
    const auto name = dashed(word);
    const auto same = [&](const DaemonFlag& flag) { return is_spelled(flag, name); };
    const auto found = std::find_if(flags.begin(), flags.end(), same);
    return found == flags.end() ? nullptr : &*found;
}

}  // namespace coven
