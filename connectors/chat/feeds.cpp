#include "feeds.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/this_coro.hpp>

#include "coven/race.hpp"

namespace asio = boost::asio;

namespace chat {

Feeds::Feeds(const Feed::Settings& settings, Limits limits,
             std::vector<std::unique_ptr<Reader>> readers, Feed::Shared& shared,
             const asio::any_io_executor& executor)
    : settings_(settings),
      limits_(limits),
      readers_(std::move(readers)),
      shared_(shared),
      executor_(executor),
      jobs_(executor),
      news_(executor),
      cancelled_(executor) {
    for (const auto& reader : readers_) reader->when_shut_out = [this] { news_.ring(); };
}

asio::awaitable<void> Feeds::run() {
    // So that the feeds can be waited for: none may outlive what it works with.
    co_await asio::this_coro::throw_if_cancelled(false);
    jobs_.start(mind_readers());
    co_await cancelled_.wait();
    co_await jobs_.finish();
}

void Feeds::want(const std::string& channel) {
    if (by_channel_.contains(channel)) return;
    auto& feed = feed_with_room();
    by_channel_.emplace(channel, &feed);
    feed.want(channel);
}

void Feeds::drop(std::string_view channel) {
    const auto found = by_channel_.find(channel);
    if (found == by_channel_.end()) return;
    found->second->drop(found->first);
    by_channel_.erase(found);
}

void Feeds::release(Reader& reader) {
    if (std::exchange(reader.is_elsewhere, true)) return;
    move_rooms(reader, "its account moved to another replica");
}

void Feeds::move_rooms(const Reader& reader, std::string_view reason) {
    std::vector<std::string> channels;
    for (const auto& feed : feeds_) {
        if (&feed->reader() != &reader) continue;
        channels.insert(channels.end(), feed->channels().begin(), feed->channels().end());
    }
    const auto now = shared_.clock.now();
    for (const auto& channel : channels) {
        shared_.coverage.leave(channel, now, now, reason);
        drop(channel);
    }
    for (const auto& channel : channels) want(channel);
}

asio::awaitable<void> Feeds::mind_readers() {
    for (;;) {
        for (const auto& reader : readers_) {
            if (reader->shut_out().empty()) continue;
            move_rooms(*reader, "its account is not let in any more");
            co_await reader->look_again();
        }
        shared_.change();
        co_await coven::race(news_.wait(), shared_.clock.sleep(settings_.rooms.retry));
    }
}

Feed& Feeds::feed_with_room() {
    for (const auto& reader : readers_) {
        if (rooms_left(*reader) == 0) continue;
        const auto has_room = [&](const auto& feed) {
            return &feed->reader() == reader.get() &&
                   feed->channels().size() < limits_.rooms_per_connection;
        };
        const auto found = std::find_if(feeds_.begin(), feeds_.end(), has_room);
        return found == feeds_.end() ? open(*reader) : **found;
    }
    return *feeds_.back();
}

std::size_t Feeds::rooms_left(const Reader& reader) const {
    if (reader.is_elsewhere || !reader.shut_out().empty()) return 0;
    // Twitch holds nobody to this limit.
    if (reader.login().empty()) return limits_.rooms_per_connection;
    std::size_t taken = 0;
    for (const auto& feed : feeds_) {
        if (&feed->reader() == &reader) taken += feed->channels().size();
    }
    return limits_.rooms_per_account - std::min(taken, limits_.rooms_per_account);
}

Feed& Feeds::open(Reader& reader) {
    auto& feed =
        *feeds_.emplace_back(std::make_unique<Feed>(settings_, reader, shared_, executor_));
    jobs_.start(feed.run());
    return feed;
}

std::vector<Feed::Status> Feeds::status() const {
    std::vector<Feed::Status> all;
    all.reserve(feeds_.size());
    for (const auto& feed : feeds_) all.push_back(feed->status());
    return all;
}

const Feed* Feeds::feed_of(std::string_view channel) const {
    const auto found = by_channel_.find(channel);
    return found == by_channel_.end() ? nullptr : found->second;
}

}  // namespace chat
