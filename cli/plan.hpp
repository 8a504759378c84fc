#pragma once

#include <optional>
#include <string>
#include <vector>

#include "coven/bus.hpp"
#include "supervisor.hpp"
#include "wanted.hpp"

namespace coven::cli {

/// What all programs of one `coven up` share.
struct Surroundings {
    /// Where the broker listens.
    Endpoints doors;
    std::string broker_program;
    /// Empty = none.
    std::string config_file;
    /// Told to the programs; empty = as configured.
    std::string log_format;
    /// The configured metrics.listen. A port in it is the broker's; the others get those after it.
    std::string metrics_listen;
    /// Whether each connector is told its channels, as it must be when they do not stand in its
    /// configuration.
    enum class Channels { configured, told } channels = Channels::configured;
};

/// A program and what people want to know of it.
struct Planned {
    Program program;
    /// The command as it was meant, without what we add.
    std::string meant;
    /// Those of this instance; nothing where it reads none.
    std::optional<std::vector<std::string>> channels;
};

/// The metrics.listen of the program with that number, the broker being 0; nothing where each
/// program keeps its own, and past the last port.
std::optional<std::string> metrics_listen(const std::string& configured, std::size_t number);

Program plan_broker(const Surroundings& surroundings);
/// One for each instance, `<kind>-1` and so on.
std::vector<Planned> plan_connectors(const std::vector<Wanted>& wanted,
                                     const Surroundings& surroundings);

}  // namespace coven::cli
