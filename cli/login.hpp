#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "command_line.hpp"
#include "coven/oauth.hpp"
#include "coven/result.hpp"
#include "neighbours.hpp"

namespace coven::cli {

/// `coven login`. The exit status.
int login(const Invocation& invocation);

/// The scopes that connectors need or can use: of those with a section in the file or a program in
/// [connectors.NAME], or of all where there is no file. In order, each once.
Result<std::vector<std::string>> scopes_needed(const std::string& config_file,
                                               const Neighbours& programs);
/// Where somebody allows it, and what the implicit grant ends at begins with.
std::string authorize_url(const std::string& id_url, const std::string& client_id,
                          const std::vector<std::string>& scopes, const std::string& state);
/// How to get a client id and where to put it.
std::string client_id_advice();
/// What somebody is to do with a code.
std::string device_text(const DeviceCode& device);

}  // namespace coven::cli
