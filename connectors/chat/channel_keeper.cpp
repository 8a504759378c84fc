#include "channel_keeper.hpp"

#include <utility>

#include "coven/log.hpp"
#include "coven/race.hpp"
#include "coven/result_of.hpp"

namespace asio = boost::asio;

namespace chat {

namespace {

using namespace std::chrono_literals;
using coven::v1::ChannelState;

/// What a replica had heard and not published was said before its last heartbeat.
constexpr auto longest_way = 2s;
/// A replica that is to leave a channel learns this late that another one hears it.
constexpr auto longest_overlap = 30s;
/// A replica tells its channels within a second or two of its start.
constexpr auto longest_silence = 4s;
constexpr auto list_limit = 5s;
constexpr const char* gone = "the process that heard it is gone";
/// To look through a thousand channels costs the broker about a millisecond.
constexpr auto look_every = 1s;
constexpr int channels_per_second = 2000;

}  // namespace

ChannelKeeper::ChannelKeeper(Parts parts, ChannelShare& share)
    : parts_(std::move(parts)), share_(share) {}

asio::awaitable<void> ChannelKeeper::run() {
    const auto& bus = parts_.bus;
    for (;;) {
        take_accounts();
        apply(share_.update(bus.replicas()));
        co_await until_changed();
    }
}

void ChannelKeeper::take_accounts() {
    const auto& bus = parts_.bus;
    for (const auto& reader : parts_.feeds.readers()) {
        if (reader->login().empty()) continue;
        const auto& owner = coven::owner_of(reader->login(), bus.replicas());
        const bool is_ours = owner == bus.identity().instance;
        is_ours ? parts_.feeds.take_back(*reader) : parts_.feeds.release(*reader);
    }
}

asio::awaitable<void> ChannelKeeper::until_changed() {
    if (!share_.hands_over()) {
        co_await parts_.bus.replicas_changed();
        co_return;
    }
    // Ends when all are handed over, too: there is nothing to be lost by looking again.
    co_await coven::race(parts_.bus.replicas_changed(), hand_over());
}

void ChannelKeeper::apply(const ChannelShare::Changes& changes) {
    for (const auto& channel : changes.ended) {
        parts_.outlet.end_state(channel);
        stop(channel);
    }
    for (const auto& started : changes.started) start(started);
    const auto now = parts_.bus.clock().now();
    for (const auto& channel : changes.moving) parts_.coverage.share(channel);
    for (const auto& channel : changes.staying) parts_.coverage.stop_sharing(channel, now);
    const auto count = [](const auto& list) { return static_cast<std::uint64_t>(list.size()); };
    const bool is_news = count(changes.started) + count(changes.ended) + count(changes.moving) > 0;
    if (is_news) {
        coven::log::info("channels", {{"new", count(changes.started)},
                                      {"ended", count(changes.ended)},
                                      {"moving", count(changes.moving)}});
    }
    parts_.change();
}

void ChannelKeeper::start(const ChannelShare::Started& started) {
    parts_.coverage.add(started.channel);
    if (started.overlaps) parts_.coverage.overlap(started.channel, longest_overlap);
    if (started.heard_until) {
        parts_.coverage.miss(started.channel, *started.heard_until - longest_way, gone);
    }
    parts_.outlet.add(started.channel);
    parts_.feeds.want(started.channel);
}

void ChannelKeeper::stop(const std::string& channel) {
    parts_.feeds.drop(channel);
    parts_.coverage.remove(channel, parts_.bus.clock().now());
    parts_.outlet.remove(channel);
    ChannelState state;
    state.set_channel(channel);
    state.set_state(ChannelState::STATE_GONE);
    parts_.bus.report_channel(std::move(state));
}

/// Ends when there is nothing more to hand over.
asio::awaitable<void> ChannelKeeper::hand_over() {
    auto& clock = parts_.bus.clock();
    const auto patience_ends = clock.instant() + longest_silence;
    while (share_.hands_over()) {
        co_await clock.sleep(look_every);
        co_await look_who_hears();
        if (clock.instant() >= patience_ends) adopt();
        parts_.change();
    }
}

void ChannelKeeper::adopt() {
    const auto adopted = share_.adopt();
    if (adopted.empty()) return;
    coven::log::info("adopted", {{"channels", static_cast<std::uint64_t>(adopted.size())},
                                 {"reason", "the replica that they belong to does not want them"}});
    for (const auto& started : adopted) start(started);
}

asio::awaitable<void> ChannelKeeper::look_who_hears() {
    coven::v1::ChannelsListRequest question;
    for (bool more = true; more;) {
        auto request = coven::request_of("channels.list", question);
        auto asked = parts_.bus.request(std::move(request), list_limit);
        auto answered = co_await coven::result_of(std::move(asked));
        coven::v1::ChannelsList page;
        if (answered.has_error() || !answered->payload().UnpackTo(&page)) co_return;
        question.set_after(take_page(page));
        more = !page.next().empty();
        const std::chrono::seconds pause(page.channels_size() / channels_per_second);
        co_await parts_.bus.clock().sleep(pause);
    }
}

/// Gives where the next page begins.
std::string ChannelKeeper::take_page(const coven::v1::ChannelsList& page) {
    const auto& own = parts_.bus.identity();
    for (const auto& state : page.channels()) {
        const bool other = state.kind() == own.kind && state.instance() != own.instance &&
                           state.state() != ChannelState::STATE_GONE;
        if (other) share_.claim(state.channel(), state.instance());
        const bool heard = other && state.state() == ChannelState::STATE_JOINED;
        if (heard && share_.confirm(state.channel(), state.instance())) stop(state.channel());
    }
    return page.next();
}

}  // namespace chat
