#pragma once

#include "coven/daemon.hpp"
#include "coven/v1/request.pb.h"

namespace coven::cli {

// Exit statuses of `coven request` besides coven::ExitStatus.
inline constexpr int status_rejected = 3;
inline constexpr int status_no_route = 4;
inline constexpr int status_expired = 5;
inline constexpr int status_rate_limited = 6;
inline constexpr int status_unknown = 7;

constexpr int exit_status_of(v1::Reply::Status status) {
    switch (status) {
        case v1::Reply::OK:
        case v1::Reply::ACCEPTED:
            return exit_ok;
        case v1::Reply::REJECTED:
            return status_rejected;
        case v1::Reply::NO_ROUTE:
            return status_no_route;
        case v1::Reply::EXPIRED:
            return status_expired;
        case v1::Reply::RATE_LIMITED:
            return status_rate_limited;
        case v1::Reply::FAILED:
            return exit_failure;
        default:
            return status_unknown;
    }
}

}  // namespace coven::cli
