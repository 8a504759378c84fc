#include "token_numbers.hpp"

#include <limits>
#include <utility>
#include <vector>

namespace token {

using coven::Metrics;
using coven::Sample;

namespace {

constexpr std::array outcomes = {"good", "refused", "unreachable"};
constexpr std::array states = {"unknown", "valid", "unreachable", "rejected"};

std::vector<Sample> samples_of(const TokenNumbers::Outcomes& counts) {
    std::vector<Sample> samples;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        samples.push_back({{{"outcome", outcomes.at(i)}}, static_cast<double>(counts.at(i))});
    }
    return samples;
}

double seconds_of(coven::Time time) {
    if (time == coven::Time::max()) return std::numeric_limits<double>::infinity();
    return std::chrono::duration<double>(time.time_since_epoch()).count();
}

std::vector<Sample> expiries(const TokenNumbers& numbers) {
    std::vector<Sample> samples;
    for (const auto& [login, account] : numbers.accounts) {
        samples.push_back({{{"login", login}}, seconds_of(account.expires_at)});
    }
    return samples;
}

std::vector<Sample> accounts_by_state(const TokenNumbers& numbers) {
    std::array<double, states.size()> counts{};
    for (const auto& [login, account] : numbers.accounts) {
        counts.at(static_cast<std::size_t>(account.state)) += 1;
    }
    std::vector<Sample> samples;
    for (std::size_t i = 0; i < states.size(); ++i) {
        samples.push_back({{{"state", states.at(i)}}, counts.at(i)});
    }
    return samples;
}

}  // namespace

void show(const TokenNumbers& of, Metrics& metrics) {
    metrics.gauges("coven_token_expires_at_seconds",
                   "When the access of an account ends unless it is refreshed, in seconds since "
                   "the Unix epoch; +Inf = never.",
                   [&of] { return expiries(of); });
    metrics.gauges("coven_token_accounts", "Accounts in the token store, by state.",
                   [&of] { return accounts_by_state(of); });
    metrics.counters("coven_token_validations_total", "Times that Twitch was asked, by outcome.",
                     [&of] { return samples_of(of.validations); });
    metrics.counters("coven_token_refreshes_total",
                     "Times that Twitch was asked for a new pair, by outcome.",
                     [&of] { return samples_of(of.refreshes); });
    metrics.counter("coven_token_store_faults_total",
                    "Times that the token store could not be read or written.",
                    [&of] { return static_cast<double>(of.store_faults); });
}

}  // namespace token
