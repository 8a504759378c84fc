#pragma once

#include <optional>

#include "coven/result.hpp"
#include "coven/v1/request.pb.h"

namespace coven::cli {

/// What to ask for the page behind `reply`, which is what `request` was answered; nothing = that
/// was the last one. Fails where the answer does not say where the next page begins.
Result<std::optional<v1::Request>> request_of_next_page(v1::Request request,
                                                        const v1::Reply& reply);

}  // namespace coven::cli
