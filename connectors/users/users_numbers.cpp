#include "users_numbers.hpp"

namespace users {

void show(const UsersNumbers& numbers, coven::Metrics& metrics) {
    const auto read = [](const std::uint64_t& number) {
        return [&number] { return static_cast<double>(number); };
    };
    metrics.gauge("coven_users_known", "Users in the list.", read(numbers.users));
    metrics.counter("coven_users_heard_total", "Lines of chat that users were learned from.",
                    read(numbers.heard));
    metrics.counter("coven_users_renamed_total", "Users that had another login than before.",
                    read(numbers.renamed));
    metrics.counter("coven_users_names_total", "Ids and logins that were asked for.",
                    read(numbers.lookups.names));
    metrics.counter("coven_users_cached_names_total", "Of them, answered without Twitch.",
                    read(numbers.lookups.from_cache));
    metrics.counter("coven_users_twitch_calls_total", "Calls to Twitch.",
                    read(numbers.lookups.calls));
    metrics.counter("coven_users_failed_twitch_calls_total",
                    "Calls to Twitch that brought no answer.", read(numbers.lookups.failed_calls));
}

}  // namespace users
