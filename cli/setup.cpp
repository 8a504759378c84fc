#include "setup.hpp"

#include <array>
#include <map>
#include <utility>

#include <unistd.h>

#include "coven/config.hpp"
#include "output.hpp"

namespace coven::cli {

namespace {

constexpr std::array door_flags = {
    std::pair{"--publish", "bus.publish"},
    std::pair{"--subscribe", "bus.subscribe"},
    std::pair{"--request", "bus.request"},
};

}  // namespace

std::string config_file_of(const Invocation& invocation) {
    if (invocation.has("--config")) return invocation.text("--config");
    return process_environment("COVEN_CONFIG");
}

Config::Sources config_sources(const Invocation& invocation) {
    Config::Sources sources;
    sources.environment = coven_environment();
    const auto file = config_file_of(invocation);
    if (!file.empty()) sources.file = file;
    for (const auto& [flag, key] : door_flags) {
        if (invocation.has(flag)) sources.flags.push_back({key, invocation.text(flag), flag});
    }
    return sources;
}

Result<Config> common_config(const Invocation& invocation) {
    return Config::load(common_settings(), config_sources(invocation));
}

Result<Endpoints> endpoints_of(const Invocation& invocation) {
    const auto config = common_config(invocation);
    if (config.has_error()) return config.error();
    return Endpoints::from(*config);
}

Place place_of(int descriptor) {
    return isatty(descriptor) != 0 ? Place::terminal : Place::elsewhere;
}

Paint paint_for(const Invocation& invocation, int descriptor) {
    const auto wish = invocation.has("--no-color") ? "never" : invocation.text("--color");
    return Paint(colours_for(wish, place_of(descriptor), process_environment));
}

void say(std::string_view text) {
    Output standard_error(STDERR_FILENO);
    // Nothing can be done, and nobody told, when even this fails.
    static_cast<void>(standard_error.line("coven: " + std::string(text)));
}

int refuse(const Error& error) {
    say(error.message);
    return exit_usage;
}

}  // namespace coven::cli
