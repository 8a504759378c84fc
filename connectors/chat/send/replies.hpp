#pragma once

#include <string>
#include <vector>

#include "coven/clock.hpp"
#include "coven/command.hpp"
#include "coven/v1/request.pb.h"
#include "send/attempt.hpp"

namespace chat {

/// What is answered where nothing was tried because of who asks for whom: NO_ROUTE, so that the
/// same request can be sent again once it is cured.
coven::v1::Reply not_able(const std::string& code, const std::string& message);

/// The scope is missing: names it, and the command that grants it and keeps the others.
coven::v1::Reply scope_missing(const std::string& login, std::vector<std::string> granted,
                               const std::vector<std::string>& wanted);

coven::v1::Reply rate_limited(const std::string& code, const std::string& message,
                              coven::Duration retry_after);

/// The status, code and message that a try has come to; of one that was `not_written`,
/// RATE_LIMITED.
coven::v1::Reply reply_of_attempt(const Attempt& attempt);

}  // namespace chat
