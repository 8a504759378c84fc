#include "coven/state_folder.hpp"

#include <cstdlib>

namespace coven {

namespace {

std::string value_of(const char* variable) {
    const char* value = std::getenv(variable);
    return value == nullptr ? std::string() : std::string(value);
}

}  // namespace

std::optional<std::string> state_folder(const std::string& name) {
    // systemd joins several folders by colons; the first is ours.
    const auto systemd = value_of("STATE_DIRECTORY");
    if (!systemd.empty()) return systemd.substr(0, systemd.find(':')) + "/" + name;
    if (const auto state = value_of("XDG_STATE_HOME"); !state.empty()) {
        return state + "/coven/" + name;
    }
    if (const auto home = value_of("HOME"); !home.empty()) {
        return home + "/.local/state/coven/" + name;
    }
    return std::nullopt;
}

}  // namespace coven
