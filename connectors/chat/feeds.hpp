#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "coven/bell.hpp"
#include "coven/jobs.hpp"
#include "feed.hpp"
#include "reader.hpp"

namespace chat {

/// Hears any number of channels through as many feeds as it takes: those of accounts first, as many
/// rooms as Twitch lets an account be in, the rest without an account. What is heard through an
/// account that Twitch lets in no more goes on without it; when there is another token, rooms to
/// come are heard through it again.
class Feeds {
  public:
    struct Limits {
        /// Twitch names no number; 50 to 100 is what others live by (seen 2026-11).
        std::size_t rooms_per_connection = 90;
        /// https://dev.twitch.tv/docs/chat/#rate-limits (since 2024-05, read 2026-11-22)
        std::size_t rooms_per_account = 100;
    };

    /// The readers with an account, in the order in which they are filled up, and the one without
    /// as the last. All here must outlive it.
    Feeds(const Feed::Settings& settings, Limits limits,
          std::vector<std::unique_ptr<Reader>> readers, Feed::Shared& shared,
          const boost::asio::any_io_executor& executor);

    /// Works until it is cancelled.
    boost::asio::awaitable<void> run();
    /// Hears `channel` from now on, or no longer.
    void want(const std::string& channel);
    void drop(std::string_view channel);

    /// Another replica joins rooms as `reader` from now on. What was heard through it is heard
    /// through others, after a gap.
    void release(Reader& reader);
    /// It is ours again, for rooms to come.
    void take_back(Reader& reader) { reader.is_elsewhere = false; }

    /// Of all feeds, also of those that have nothing to hear now.
    std::vector<Feed::Status> status() const;
    /// nullptr when nobody wants it.
    const Feed* feed_of(std::string_view channel) const;
    const std::vector<std::unique_ptr<Reader>>& readers() const { return readers_; }

  private:
    boost::asio::awaitable<void> mind_readers();
    void move_rooms(const Reader& reader, std::string_view reason);
    Feed& feed_with_room();
    std::size_t rooms_left(const Reader& reader) const;
    Feed& open(Reader& reader);

    const Feed::Settings& settings_;
    const Limits limits_;
    std::vector<std::unique_ptr<Reader>> readers_;
    Feed::Shared& shared_;
    boost::asio::any_io_executor executor_;
    std::vector<std::unique_ptr<Feed>> feeds_;
    std::map<std::string, Feed*, std::less<>> by_channel_;
    coven::Jobs jobs_;
    /// A reader is shut out.
    coven::Bell news_;
    /// Nobody rings it: its wait ends when `run` is cancelled.
    coven::Bell cancelled_;
};

}  // namespace chat
