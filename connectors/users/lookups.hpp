#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "coven/bell.hpp"
#include "coven/clock.hpp"
#include "coven/result.hpp"
#include "name.hpp"
#include "user_cache.hpp"

namespace users {

/// Answers from the cache, and asks Twitch for what is missing there: each name once, however many
/// want it, as many at a time as Twitch takes.
class Lookups {
  public:
    struct Options {
        /// How long names are gathered for one call.
        std::chrono::milliseconds gather{20};
        /// Twitch takes 100 (https://dev.twitch.tv/docs/api/reference/#get-users, read 2026-11-22).
        std::size_t names_per_call = 100;
        std::size_t calls_at_once = 4;
    };
    struct Twitch {
        /// Those of the names that there are, in any order.
        using Answer = coven::Result<std::vector<twitch::v1::User>>;
        std::function<boost::asio::awaitable<Answer>(std::vector<Name>)> ask;
        std::function<boost::asio::awaitable<void>(twitch::v1::UserRenamed)> renamed;
    };
    struct Numbers {
        std::uint64_t names = 0;
        /// Of them, answered without Twitch.
        std::uint64_t from_cache = 0;
        std::uint64_t calls = 0;
        std::uint64_t failed_calls = 0;
    };

    /// `cache`, `clock` and `numbers` must outlive it.
    Lookups(UserCache& cache, coven::Clock& clock, Numbers& numbers, Twitch twitch, Options options,
            const boost::asio::any_io_executor& executor);
    Lookups(const Lookups&) = delete;
    Lookups& operator=(const Lookups&) = delete;

    /// What is known after at most `limit`; who could not be asked for is named, with the reason.
    boost::asio::awaitable<twitch::v1::Users> look_up(std::vector<Name> names,
                                                      coven::Duration limit);
    /// Asks Twitch, until it is cancelled.
    boost::asio::awaitable<void> run();

  private:
    /// A name on its way to Twitch and back.
    struct Errand {
        bool ended = false;
        std::optional<coven::Error> failure;
    };
    // Whoever waits for a name shares its errand, and may give up before it ends.
    using Errands = std::map<Name, std::shared_ptr<Errand>>;

    boost::asio::awaitable<void> ask_for_ever();
    boost::asio::awaitable<void> ask_at_once(std::size_t calls);
    boost::asio::awaitable<void> ask_for(std::vector<Name> names);
    std::vector<Name> take_names();
    void end(const std::vector<Name>& names, const std::optional<coven::Error>& failure);
    boost::asio::awaitable<void> digest(std::vector<Name> names,
                                        std::vector<twitch::v1::User> found);
    /// Those that Twitch must be asked for.
    Errands errands_for(const std::vector<Name>& names);
    boost::asio::awaitable<void> wait_for(const Errands& errands, coven::Instant until);
    twitch::v1::Users answer(const std::vector<Name>& names, const Errands& errands);

    UserCache& cache_;
    coven::Clock& clock_;
    Numbers& numbers_;
    Twitch twitch_;
    Options options_;
    /// Those that nobody is asking for yet.
    std::vector<Name> queue_;
    Errands under_way_;
    coven::Bell wanted_;
    coven::Bell ended_;
};

}  // namespace users
