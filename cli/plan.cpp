#include "plan.hpp"

#include <charconv>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <utility>

#include "addresses.hpp"

namespace coven::cli {

namespace {

/// A program that says nothing counts as started once it has run for this long; most mistakes in
/// it show sooner.
constexpr std::chrono::seconds foreign_start{1};
constexpr int connector_tier = 1;
/// What a program needs may not be there yet, as after the machine's start: it has the better part
/// of a minute.
const RestartPolicy::Limits restart{
    {std::chrono::seconds{1}, std::chrono::seconds{30}}, 7, std::chrono::seconds{120}};

void add(std::vector<std::string>& command, const std::string& flag, const std::string& value) {
    command.push_back(flag);
    command.push_back(value);
}

/// The configured port is the broker's.
constexpr std::size_t first_connector = 1;

/// As flags, which are stronger than whatever the environment says.
void add_common(std::vector<std::string>& command, const Surroundings& surroundings,
                const Endpoints& doors) {
    if (!surroundings.config_file.empty()) add(command, "--config", surroundings.config_file);
    if (!surroundings.log_format.empty()) add(command, "--log.format", surroundings.log_format);
    add(command, "--bus.publish", doors.publish);
    add(command, "--bus.subscribe", doors.subscribe);
    add(command, "--bus.request", doors.request);
}

std::string joined(const std::vector<std::string>& items, char between) {
    std::string text;
    for (const auto& item : items) {
        if (!text.empty()) text += between;
        text += item;
    }
    return text;
}

Planned plan_any(const Wanted& wanted, const std::string& instance) {
    Planned planned;
    auto& program = planned.program;
    program.name = instance;
    program.tier = connector_tier;
    program.restart = restart;
    program.command = wanted.command;
    planned.meant = joined(wanted.command, ' ');
    return planned;
}

/// Each instance is told all channels: the instances share them, and know who of them is there.
Planned plan_ours(const Wanted& wanted, const std::string& instance,
                  const Surroundings& surroundings) {
    auto planned = plan_any(wanted, instance);
    auto& program = planned.program;
    add(program.command, "--instance", instance);
    add_common(program.command, surroundings, reachable(surroundings.doors));
    if (!wanted.channels) return planned;
    planned.channels = wanted.channels;
    if (surroundings.channels == Surroundings::Channels::told) {
        program.command.push_back("--" + wanted.kind +
                                  ".channels=" + joined(*wanted.channels, ','));
    }
    return planned;
}

Planned plan_foreign(const Wanted& wanted, const std::string& instance,
                     const Surroundings& surroundings) {
    const auto doors = reachable(surroundings.doors);
    auto planned = plan_any(wanted, instance);
    auto& program = planned.program;
    program.readiness = Program::Readiness::runs;
    program.ready_limit = foreign_start;
    program.environment = {{"COVEN_INSTANCE", instance},
                           {"COVEN_BUS_PUBLISH", doors.publish},
                           {"COVEN_BUS_SUBSCRIBE", doors.subscribe},
                           {"COVEN_BUS_REQUEST", doors.request}};
    const auto& file = surroundings.config_file;
    if (!file.empty()) program.environment["COVEN_CONFIG"] = std::filesystem::absolute(file);
    const auto& format = surroundings.log_format;
    if (!format.empty()) program.environment["COVEN_LOG_FORMAT"] = format;
    return planned;
}

/// Programs that read one file cannot all have one port.
void set_metrics(Planned& planned, const Wanted& wanted, const Surroundings& surroundings,
                 std::size_t number) {
    const auto listen = metrics_listen(surroundings.metrics_listen, number);
    if (!listen) return;
    auto& program = planned.program;
    if (wanted.origin == Wanted::Origin::ours)
        return add(program.command, "--metrics.listen", *listen);
    program.environment["COVEN_METRICS_LISTEN"] = *listen;
}

}  // namespace

std::optional<std::string> metrics_listen(const std::string& configured, std::size_t number) {
    const auto colon = configured.rfind(':');
    if (colon == std::string::npos) return std::nullopt;
    std::uint16_t port = 0;
    const auto* end = configured.data() + configured.size();
    const auto read = std::from_chars(configured.data() + colon + 1, end, port);
    const bool usable = read.ec == std::errc() && read.ptr == end && port > 0;
    if (!usable || port + number > std::numeric_limits<std::uint16_t>::max()) return std::nullopt;
    return configured.substr(0, colon + 1) + std::to_string(port + number);
}

Program plan_broker(const Surroundings& surroundings) {
    Program program;
    program.name = "broker";
    program.command = {surroundings.broker_program};
    program.first_start = Program::FirstStart::decisive;
    add_common(program.command, surroundings, surroundings.doors);
    const auto listen = metrics_listen(surroundings.metrics_listen, 0);
    if (listen) add(program.command, "--metrics.listen", *listen);
    return program;
}

std::vector<Planned> plan_connectors(const std::vector<Wanted>& wanted,
                                     const Surroundings& surroundings) {
    std::vector<Planned> all;
    for (const auto& connector : wanted) {
        for (std::size_t i = 1; i <= connector.instances; ++i) {
            const auto instance = connector.kind + "-" + std::to_string(i);
            const bool ours = connector.origin == Wanted::Origin::ours;
            all.push_back(ours ? plan_ours(connector, instance, surroundings)
                               : plan_foreign(connector, instance, surroundings));
            set_metrics(all.back(), connector, surroundings, all.size() - 1 + first_connector);
        }
    }
    return all;
}

}  // namespace coven::cli
