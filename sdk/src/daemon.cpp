#include "coven/daemon.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include <CLI/CLI.hpp>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "coven/log.hpp"
#include "coven/manifest_json.hpp"
#include "coven/metrics.hpp"

extern char** environ;

namespace coven {

namespace {

std::map<std::string, std::string> our_environment() {
    std::map<std::string, std::string> all;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const auto equals = text.find('=');
        if (!text.starts_with("COVEN_") || equals == std::string_view::npos) continue;
        all.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return all;
}

std::string section_of(const Setting& setting) {
    return setting.key.substr(0, setting.key.find('.'));
}

std::string flags_of(const Setting& setting, const std::string& kind) {
    const auto own = section_of(setting) == kind;
    const auto name = setting.key.substr(setting.key.find('.') + 1);
    return "--" + setting.key + (own ? ",--" + name : "");
}

std::string help_of(const Setting& setting) {
    return setting.help + (setting.fallback.empty() ? "" : " [" + setting.fallback + "]");
}

Result<log::Level> level_named(const std::string& name) {
    if (name == "debug") return log::Level::debug;
    if (name == "info") return log::Level::info;
    if (name == "warn") return log::Level::warn;
    if (name == "error") return log::Level::error;
    return Error("log.level is none of debug, info, warn and error: '" + name + "'");
}

Result<log::Format> format_named(const std::string& name) {
    if (name == "automatic") return log::Format::automatic;
    if (name == "human") return log::Format::human;
    if (name == "json") return log::Format::json;
    return Error("log.format is none of automatic, human and json: '" + name + "'");
}

int refuse(const std::string& program, const std::string& reason) {
    std::cerr << program << ": " << reason << '\n';
    return exit_usage;
}

/// Flags and what the command line gave for them.
struct CommandLine {
    std::string config_file;
    std::string instance;
    bool describe = false;
    std::map<std::string, std::string> values;
};

void declare(CLI::App& app, CommandLine& line, const Manifest& manifest,
             const std::vector<Setting>& settings) {
    app.set_version_flag("--version", "coven-" + manifest.kind + " " + version());
    app.add_option("-c,--config", line.config_file, "coven.toml to read [COVEN_CONFIG]");
    app.add_option("--instance", line.instance,
                   "name of this process on the bus [" + manifest.kind + "-1]")
        ->envname("COVEN_INSTANCE");
    app.add_flag("--describe", line.describe,
                 "print what this program is and takes, as JSON, and exit");
    for (const auto& setting : settings) {
        const auto value = setting.kind == Setting::Kind::secret ? "FILE" : "VALUE";
        const auto group = "[" + section_of(setting) + "] in coven.toml";
        app.add_option(flags_of(setting, manifest.kind), line.values[setting.key], help_of(setting))
            ->type_name(value)
            ->group(group);
    }
}

std::string footer_of(const Manifest& manifest) {
    std::string text;
    if (!manifest.examples.empty()) text += "Examples:\n";
    for (const auto& example : manifest.examples) {
        text += "  " + example.command + "\n      " + example.purpose + "\n";
    }
    return text +
           "\nEvery setting can also stand in coven.toml ([section] name = value) or in the\n"
           "environment (COVEN_SECTION_NAME, or COVEN_SECTION_NAME_FILE for a file with the "
           "value).\n"
           "\nExit status:\n"
           "  0    stopped\n"
           "  1    failed while it ran\n"
           "  2    wrong command line or configuration";
}

Config::Sources sources_of(const CLI::App& app, const CommandLine& line,
                           const std::vector<Setting>& settings) {
    Config::Sources sources;
    sources.environment = our_environment();
    const char* file = std::getenv("COVEN_CONFIG");
    if (!line.config_file.empty()) {
        sources.file = line.config_file;
    } else if (file != nullptr && *file != '\0') {
        sources.file = file;
    }
    for (const auto& setting : settings) {
        if (app.count("--" + setting.key) == 0) continue;
        sources.flags.emplace_back(setting.key, line.values.at(setting.key));
    }
    return sources;
}

/// Those that all programs have, and those of `manifest`, which may give one of the former another
/// default.
std::vector<Setting> settings_of(const Manifest& manifest) {
    auto settings = manifest.settings;
    for (auto& common : common_settings()) {
        const auto same = [&](const Setting& own) { return own.key == common.key; };
        const bool own = std::any_of(settings.begin(), settings.end(), same);
        if (!own) settings.push_back(std::move(common));
    }
    return settings;
}

std::variant<DaemonStart, int> begin(const Manifest& manifest, const CommandLine& line,
                                     std::vector<Setting> settings,
                                     const Config::Sources& sources) {
    const auto program = "coven-" + manifest.kind;
    auto config = Config::load(std::move(settings), sources);
    if (config.has_error()) return refuse(program, config.error().message);
    const auto instance = line.instance.empty() ? manifest.kind + "-1" : line.instance;
    if (const char* fault = word_fault(instance)) {
        return refuse(program, "instance " + std::string(fault) + ": '" + instance + "'");
    }
    for (const auto* door : {"bus.publish", "bus.subscribe", "bus.request"}) {
        const auto fault = address_fault(config->text(door));
        if (fault) return refuse(program, std::string(door) + " " + fault->message);
    }
    if (const auto fault = listen_fault(config->text("metrics.listen"))) {
        return refuse(program, "metrics.listen " + fault->message);
    }
    const auto level = level_named(config->text("log.level"));
    if (level.has_error()) return refuse(program, level.error().message);
    const auto format = format_named(config->text("log.format"));
    if (format.has_error()) return refuse(program, format.error().message);
    log::start(instance, *level, *format);
    return DaemonStart{std::move(*config), instance};
}

}  // namespace

std::variant<DaemonStart, int> start_daemon(const Manifest& manifest, int argc, char** argv) {
    auto settings = settings_of(manifest);
    CommandLine line;
    CLI::App app("coven-" + manifest.kind + ": " + manifest.summary, "coven-" + manifest.kind);
    declare(app, line, manifest, settings);
    app.footer(footer_of(manifest));
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& end) {
        const auto status = app.exit(end);
        return status == 0 ? exit_ok : exit_usage;
    }
    if (line.describe) {
        std::cout << json_of(manifest) << '\n';
        return exit_ok;
    }
    const auto sources = sources_of(app, line, settings);
    return begin(manifest, line, std::move(settings), sources);
}

void notify_ready(const std::vector<std::string>& fields) {
    const char* path = std::getenv("NOTIFY_SOCKET");
    if (path == nullptr || *path == '\0') return;
    if (std::strlen(path) >= sizeof(sockaddr_un::sun_path)) {
        return log::warn("ready_not_told", {{"socket", path}, {"reason", "its path is too long"}});
    }
    std::string text = "READY=1\n";
    for (const auto& field : fields) text += field + "\n";
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    // systemd writes an abstract address with a leading '@'.
    const auto size = offsetof(sockaddr_un, sun_path) + std::strlen(path);
    if (*path == '@') address.sun_path[0] = '\0';
    const int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    if (sendto(descriptor, text.data(), text.size(), MSG_NOSIGNAL, generic,
               static_cast<socklen_t>(size)) < 0) {
        log::warn("ready_not_told", {{"socket", path}, {"reason", std::strerror(errno)}});
    }
    close(descriptor);
}

std::string version() { return COVEN_VERSION; }

}  // namespace coven
