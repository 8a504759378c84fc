#pragma once

#include <string>

#include "coven/bus.hpp"
#include "coven/connector.hpp"
#include "journal_settings.hpp"
#include "router.hpp"

namespace coven::broker {

/// What the broker is told.
struct Settings {
    Endpoints doors;
    std::string id = "main";
    std::string data;
    Router::Limits limits;
    std::size_t max_state_bytes = std::size_t{256} << 20;
    JournalSettings journal;
};

/// What `--describe` prints.
Manifest describe();
/// Fails for a value that cannot be meant, naming the key.
Result<Settings> settings_from(const Config& config,
                               const std::map<std::string, std::string>& environment);

}  // namespace coven::broker
