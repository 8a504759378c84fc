#pragma once

#include "command_line.hpp"
#include "coven/result.hpp"
#include "twitch/v1/user.pb.h"

namespace coven::cli {

/// `coven users`: who has these logins and ids. The exit status.
int users(const Invocation& invocation);

/// All digits are an id; "@123" is a login all the same.
Result<twitch::v1::UsersLookup> lookup_of(const std::vector<std::string>& words);
/// In lines for people; `now_us` since the Unix epoch.
std::vector<std::string> users_page(const twitch::v1::Users& users, std::uint64_t now_us);
/// Who is missing, and why; empty = nobody is.
std::vector<std::string> missing_lines(const twitch::v1::Users& users);

}  // namespace coven::cli
