#include "chat.hpp"

#include <random>
#include <utility>

#include <boost/asio/this_coro.hpp>

#include "channel_keeper.hpp"
#include "channel_login.hpp"
#include "coven/race.hpp"
#include "coven/store_token_source.hpp"
#include "progress.hpp"

namespace asio = boost::asio;

namespace chat {

namespace {

/// Twitch lets everybody in who calls himself so, to read only. It is in no document, but every
/// viewer's tool lives by it (seen 2026-11).
std::string anonymous_nick() {
    std::random_device random;
    std::uniform_int_distribution<int> digits(10000, 9999999);
    return "justinfan" + std::to_string(digits(random));
}

/// The broker answers the first heartbeat at once. Without an answer there is nobody to share with.
constexpr auto first_word = std::chrono::seconds(3);

Outlet::Door door_to(coven::Bus& bus) {
    return {[&bus](const coven::Topic& topic, coven::v1::Event& event) {
                return bus.publish(topic, event);
            },
            [&bus] { return bus.room(); }};
}

LineEvents::Options read_event_options(const coven::Config& config) {
    LineEvents::Options options;
    options.raw = config.flag("chat.keep_raw") ? RawLines::keep : RawLines::leave_out;
    options.deleted_text =
        config.flag("chat.deleted_text") ? DeletedText::tell : DeletedText::leave_out;
    options.membership = config.flag("chat.membership");
    options.whispers = config.flag("chat.whispers");
    return options;
}

Feeds::Limits limits_of(const coven::Config& config) {
    Feeds::Limits limits;
    limits.rooms_per_connection =
        static_cast<std::size_t>(config.number("chat.rooms_per_connection"));
    limits.rooms_per_account = static_cast<std::size_t>(config.number("chat.rooms_per_account"));
    return limits;
}

}  // namespace

coven::Result<Chat::Settings> Chat::read_settings(const coven::Config& config) {
    auto channels = parse_channel_logins(config.list("chat.channels"));
    if (!channels) return coven::Error("chat.channels: " + channels.error().message);
    Settings settings;
    settings.channels = std::move(*channels);
    auto accounts = parse_channel_logins(config.list("chat.read_as"));
    if (!accounts) return coven::Error("chat.read_as: " + accounts.error().message);
    settings.read_as = std::move(*accounts);
    auto tokens = coven::token_folder_of(config);
    if (!tokens) return tokens.error();
    settings.token_folder = std::move(*tokens);
    settings.rooms = limits_of(config);
    settings.connect_every = config.duration("chat.connect_every");
    const auto joins = static_cast<std::size_t>(config.number("chat.join_limit"));
    settings.joins = {joins, config.duration("chat.join_window")};
    settings.events = read_event_options(config);
    settings.feed.dialogue.membership = settings.events.membership;
    settings.feed.url = config.text("twitch.chat_url");
    if (const auto fault = coven::WebSocket::url_fault(settings.feed.url)) {
        return coven::Error("twitch.chat_url: " + fault->message);
    }
    settings.feed.socket.ca_file = config.text("twitch.ca_file");
    settings.feed.dialogue.ping_every = config.duration("chat.ping_every");
    settings.feed.dialogue.pong_limit = config.duration("chat.pong_limit");
    settings.feed.rooms.answer = config.duration("chat.join_answer_limit");
    settings.feed.rooms.retry = config.duration("chat.refused_retry");
    auto sending = Sending::read_settings(config);
    if (sending.has_error()) return sending.error();
    settings.sending = std::move(*sending);
    return settings;
}

Chat::Readers Chat::readers(coven::Bus& bus, const coven::TokenStore& store) const {
    Readers readers;
    for (const auto& login : settings_.read_as) {
        auto tokens = std::make_unique<coven::StoreTokenSource>(store, bus, login);
        readers.push_back(std::make_unique<Reader>(login, std::move(tokens), settings_.joins));
    }
    readers.push_back(std::make_unique<Reader>(anonymous_nick(), settings_.joins));
    return readers;
}

asio::awaitable<void> Chat::run(coven::Bus& bus) {
    show(numbers_, bus.metrics());
    show(send_numbers_, bus.metrics());
    const auto executor = co_await asio::this_coro::executor;
    Sending sending(settings_.sending, bus, send_numbers_, executor);
    co_await coven::race(bus.replicas_changed(), bus.clock().sleep(first_word));
    co_await coven::race(read(bus, sending), sending.run());
}

asio::awaitable<void> Chat::read(coven::Bus& bus, Sending& sending) {
    const auto executor = co_await asio::this_coro::executor;
    auto& clock = bus.clock();
    DialPace pace(settings_.connect_every);
    Coverage coverage;
    Outlet outlet(door_to(bus), coverage, clock, settings_.events, executor);
    Feed::Shared shared{clock, pace, coverage, outlet, [] {}, numbers_};
    const auto store = coven::TokenStore::open(settings_.token_folder).value();
    Feeds feeds(settings_.feed, settings_.rooms, readers(bus, store), shared, executor);
    const AtWork at_work(numbers_, feeds, coverage, outlet);
    ChannelShare share(settings_.channels, bus.identity().instance);
    Progress progress(bus, feeds, coverage, share, executor);
    shared.change = [&progress] { progress.change(); };
    shared.identified = [&sending](const auto& channel, const auto& id) {
        sending.learn_channel(channel, id);
    };
    shared.badged = [&sending](std::string_view login, const IrcLine& line) {
        sending.learn_role(login, line);
    };
    ChannelKeeper::Parts parts{bus, feeds, coverage, outlet, shared.change};
    ChannelKeeper keeper(std::move(parts), share);
    auto reading = coven::race(feeds.run(), outlet.announce_gaps());
    auto telling = coven::race(keeper.run(), progress.tell());
    co_await coven::race(std::move(reading), std::move(telling));
}

}  // namespace chat

namespace coven {

Result<std::unique_ptr<Connector>> make_connector(const Config& config) {
    auto settings = chat::Chat::read_settings(config);
    if (!settings) return settings.error();
    return std::unique_ptr<Connector>(std::make_unique<chat::Chat>(std::move(*settings)));
}

}  // namespace coven
