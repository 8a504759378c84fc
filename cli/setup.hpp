#pragma once

#include <string>
#include <string_view>

#include "colour.hpp"
#include "command_line.hpp"
#include "coven/bus.hpp"
#include "coven/config.hpp"
#include "coven/daemon.hpp"
#include "coven/result.hpp"

namespace coven::cli {

/// Of --config, else of COVEN_CONFIG; empty = none.
std::string config_file_of(const Invocation& invocation);
/// File, environment, and the flags that every command takes.
Config::Sources config_sources(const Invocation& invocation);
/// [bus], [twitch] and [log]: flag over environment over file over default.
Result<Config> common_config(const Invocation& invocation);
/// The broker's doors of it.
Result<Endpoints> endpoints_of(const Invocation& invocation);

/// Where a descriptor of ours goes.
Place place_of(int descriptor);
/// The colours for what goes to `descriptor`.
Paint paint_for(const Invocation& invocation, int descriptor);

/// One line for people, on stderr.
void say(std::string_view text);
/// Says that the command line or the configuration is wrong. The exit status.
int refuse(const Error& error);

}  // namespace coven::cli
