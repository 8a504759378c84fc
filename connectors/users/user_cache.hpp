#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coven/clock.hpp"
#include "coven/store.hpp"
#include "name.hpp"
#include "twitch/v1/user.pb.h"

namespace users {

/// Who is who, on disk: found by id and by login, with those that Twitch does not know. It is only
/// a cache: what was learned since the last `save` is gone after a crash, and a file that cannot be
/// read any more is replaced by an empty one. For one thread.
class UserCache {
  public:
    struct Limits {
        /// After so long a name may have changed.
        std::chrono::milliseconds ttl = std::chrono::hours(24);
        /// How long it is believed that there is nobody by a name.
        std::chrono::milliseconds absent_ttl = std::chrono::minutes(10);
        /// Whoever was not seen for so long is forgotten.
        std::chrono::milliseconds keep = std::chrono::hours(24 * 30);
        /// Of the file; with as much in it nothing new is learned until something is forgotten.
        std::size_t max_bytes = std::size_t{4} << 30;
    };
    struct Found {
        enum class Kind {
            /// `user`, seen within `ttl`.
            known,
            /// `user`, seen before that, or without a display name.
            stale,
            /// Twitch has nobody by this name.
            absent,
            /// Nobody has asked yet.
            unknown,
        };
        Kind kind = Kind::unknown;
        twitch::v1::User user = {};
    };

    /// Fails when the folder cannot be used: another process has it, it is not ours, no space.
    static coven::Result<std::unique_ptr<UserCache>> open(const std::string& folder,
                                                          const Limits& limits);
    UserCache(const UserCache&) = delete;
    UserCache& operator=(const UserCache&) = delete;
    /// Saves.
    ~UserCache();

    Found find(const Name& name, coven::Time now);
    /// What was said of a user at `user.seen_us`; older news than what is known changes nothing.
    /// Gives the new name when it is another login than before.
    std::optional<twitch::v1::UserRenamed> learn(const twitch::v1::User& user);
    /// Twitch was asked at `now` and has nobody by this name.
    void learn_absent(const Name& name, coven::Time now);

    /// To disk. What went wrong since the last call, if anything did; it is kept in memory as far
    /// as that is possible, or learned again.
    coven::Result<void> save();
    /// Looks at the next thousand of each kind and forgets whoever was not seen for `keep`, and who
    /// was absent long ago. To be called once in a while; it goes round for ever.
    void sweep(coven::Time now);
    std::uint64_t size();

  private:
    struct Record {
        std::string key;
        std::string value;
    };

    UserCache(std::unique_ptr<coven::Store> store, const Limits& limits);
    /// The running transaction, begun if need be; nullptr: the disk does not let us.
    coven::StoreWriter* writer();
    std::optional<std::string> read(coven::StoreTable table, std::string_view key);
    std::optional<twitch::v1::User> user_of(std::string_view id);
    void put(coven::StoreTable table, std::string_view key, std::string_view value);
    void erase(coven::StoreTable table, std::string_view key);
    /// From `place` on, which is moved; empty = the beginning.
    std::vector<Record> next_records(coven::StoreTable table, std::string& place);
    void note(const coven::StoreError& error);

    std::unique_ptr<coven::Store> store_;
    Limits limits_;
    std::optional<coven::StoreWriter> writer_;
    bool changed_ = false;
    std::string next_user_;
    std::string next_absent_;
    std::optional<coven::Error> trouble_;
};

}  // namespace users
