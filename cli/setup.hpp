#pragma once

#include <string>
#include <string_view>

#include "colour.hpp"
#include "command_line.hpp"
#include "coven/bus.hpp"
#include "coven/daemon.hpp"
#include "coven/result.hpp"

namespace coven::cli {

/// Besides coven::ExitStatus.
inline constexpr int status_interrupted = 130;

/// The broker's doors: flag over environment over file over default.
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
