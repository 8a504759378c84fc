#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "coven/metrics.hpp"
#include "token_keeper.hpp"

namespace token {

/// What the connector counts from its start on, however often its work begins anew.
struct TokenNumbers {
    /// By TokenKeeper::Outcome.
    using Outcomes = std::array<std::uint64_t, 3>;

    Outcomes validations{};
    Outcomes refreshes{};
    /// Times that what Twitch gave could not be written at once.
    std::uint64_t store_faults = 0;

    struct OfAccount {
        /// `Time::max()` = never.
        coven::Time expires_at{};
        TokenKeeper::State state = TokenKeeper::State::unknown;
    };
    /// By login.
    std::map<std::string, OfAccount> accounts;
};

/// Registers the numbers, which must outlive the last turn of `metrics`.
void show(const TokenNumbers& numbers, coven::Metrics& metrics);

}  // namespace token
