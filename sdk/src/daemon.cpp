#include "coven/daemon.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "coven/log.hpp"
#include "coven/manifest_json.hpp"
#include "coven/standard_streams.hpp"
#include "daemon_line.hpp"

namespace coven {

namespace {

int refuse(const std::string& program, const std::vector<Error>& faults) {
    for (const auto& fault : faults) std::cerr << program << ": " << fault.message << '\n';
    return exit_usage;
}

Config::Sources sources_of(const Manifest& manifest, const DaemonLine& line) {
    Config::Sources sources;
    sources.environment = coven_environment();
    const auto file = line.find("--config");
    const auto variable = sources.environment.find("COVEN_CONFIG");
    if (file != line.end()) {
        sources.file = file->second;
    } else if (variable != sources.environment.end() && !variable->second.empty()) {
        sources.file = variable->second;
    }
    for (const auto& flag : flags_of(manifest)) {
        const auto given = line.find(flag.name);
        if (flag.key.empty() || given == line.end()) continue;
        sources.flags.push_back({flag.key, given->second, flag.name});
    }
    return sources;
}

std::string instance_of(const Manifest& manifest, const DaemonLine& line,
                        const Config::Sources& sources) {
    const auto given = line.find("--instance");
    if (given != line.end()) return given->second;
    const auto variable = sources.environment.find("COVEN_INSTANCE");
    const bool named = variable != sources.environment.end() && !variable->second.empty();
    return named ? variable->second : manifest.kind + "-1";
}

/// A fault that begins with the key of a setting, with the place where the value stands.
Error placed(const Config& config, const Manifest& manifest, const Error& fault) {
    const auto key = fault.message.substr(0, fault.message.find_first_of(": "));
    for (const auto& setting : settings_of(manifest)) {
        if (setting.key != key || config.origin(key) == "default") continue;
        const auto& origin = config.origin(key);
        const bool in_file = origin.find(':') != std::string::npos;
        return Error(origin + (in_file ? ": " + fault.message : fault.message.substr(key.size())));
    }
    return fault;
}

std::vector<Error> all_faults(const Manifest& manifest, const ConfigReading& reading,
                              const std::string& instance, const Prepare& prepare) {
    auto faults = reading.faults;
    if (const char* fault = word_fault(instance)) {
        faults.push_back("instance " + std::string(fault) + ": '" + instance + "'");
    }
    for (const auto& fault : prepare(reading.config)) {
        faults.push_back(placed(reading.config, manifest, fault));
    }
    return faults;
}

/// The words are checked: they are the enumerators in their order.
template <class Enumerator>
Enumerator chosen(const Config& config, const char* key) {
    const auto settings = common_settings();
    const auto same = [&](const Setting& setting) { return setting.key == key; };
    const auto words = std::find_if(settings.begin(), settings.end(), same)->choices();
    const auto place = std::find(words.begin(), words.end(), config.text(key));
    return static_cast<Enumerator>(place - words.begin());
}

std::variant<DaemonStart, int> begin(const Manifest& manifest, const DaemonLine& line,
                                     const Prepare& prepare) {
    const auto program = "coven-" + manifest.kind;
    const auto settings = settings_of(manifest);
    const auto sources = sources_of(manifest, line);
    auto reading = Config::read(settings, sources);
    auto instance = instance_of(manifest, line, sources);
    const auto faults = all_faults(manifest, reading, instance, prepare);
    const bool checks = line.contains("--check");
    if (!faults.empty()) {
        return refuse(program, checks ? faults : std::vector<Error>{faults.front()});
    }
    if (checks) {
        std::cout << program << ": nothing is wrong with the configuration\n";
        return exit_ok;
    }
    log::start(instance, log_level(reading.config), log_format(reading.config));
    return DaemonStart{std::move(reading.config), std::move(instance)};
}

}  // namespace

log::Level log_level(const Config& config) { return chosen<log::Level>(config, "log.level"); }
log::Format log_format(const Config& config) { return chosen<log::Format>(config, "log.format"); }

std::variant<DaemonStart, int> start_daemon(const Manifest& manifest, int argc, char** argv,
                                            const Prepare& prepare) {
    open_standard_streams();
    const auto parsed = read_daemon_line(manifest, {argv + 1, argv + argc});
    if (const auto* fault = std::get_if<Error>(&parsed)) {
        const auto program = "coven-" + manifest.kind;
        return refuse(program, {fault->message + " (" + program + " --help lists the flags)"});
    }
    if (const auto* text = std::get_if<std::string>(&parsed)) {
        std::cout << *text;
        return exit_ok;
    }
    const auto& line = std::get<DaemonLine>(parsed);
    if (line.contains("--describe")) {
        std::cout << json_of(manifest) << '\n';
        return exit_ok;
    }
    return begin(manifest, line, prepare);
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
