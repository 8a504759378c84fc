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

/// The broker answers the first heartbeat at once.
constexpr auto first_word = std::chrono::seconds(2);

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
    co_await coven::race(read(bus), sending.run());
}

asio::awaitable<void> Chat::read(coven::Bus& bus) {
    const auto executor = co_await asio::this_coro::executor;
    auto& clock = bus.clock();
    // Without an answer from the broker there is nobody to share with.
    co_await coven::race(bus.replicas_changed(), clock.sleep(first_word));
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
    ChannelKeeper::Parts parts{bus, feeds, coverage, outlet, shared.change};
    ChannelKeeper keeper(std::move(parts), share);
    auto reading = coven::race(feeds.run(), outlet.announce_gaps());
    auto telling = coven::race(keeper.run(), progress.tell());
    co_await coven::race(std::move(reading), std::move(telling));
}

}  // namespace chat

namespace coven {

Manifest manifest() {
    using Kind = Setting::Kind;
    Manifest manifest;
    manifest.kind = "chat";
    manifest.summary = "reads Twitch's chat, without an account, and writes to it with one";
    manifest.topics = {
        {"twitch.chat.<channel>.message", "twitch.v1.ChatMessage", "a line of chat"},
        {"twitch.chat.<channel>.notice", "twitch.v1.ChatNotice",
         "a subscription, a gift, a raid, an announcement ..."},
        {"twitch.chat.<channel>.clear", "twitch.v1.ChatClear",
         "a room was cleared, somebody was timed out or banned"},
        {"twitch.chat.<channel>.deleted", "twitch.v1.ChatDeleted", "a message was taken away"},
        {"twitch.chat.<channel>.room", "twitch.v1.ChatRoom", "who may write in a room (a state)"},
        {"twitch.chat.<channel>.user_state", "twitch.v1.ChatUserState",
         "what our account is in a room"},
        {"twitch.chat.-.global_user_state", "twitch.v1.ChatUserState",
         "what our account is everywhere"},
        {"twitch.chat.<channel>.server_notice", "twitch.v1.ChatServerNotice",
         "what Twitch says to us; channel - where it concerns none"},
        {"twitch.chat.<channel>.join", "twitch.v1.ChatMember", "a viewer came (chat.membership)"},
        {"twitch.chat.<channel>.part", "twitch.v1.ChatMember", "a viewer left (chat.membership)"},
        {"twitch.chat.-.whisper", "twitch.v1.ChatWhisper",
         "somebody wrote to our account alone (chat.whispers)"},
        {"twitch.chat.<channel>.raw", "twitch.v1.ChatRaw", "a line that has no type of its own"},
        {"twitch.chat.<channel>.gap", "coven.v1.SourceGap", "a time in which lines were missed"},
        {"twitch.chat.<channel>.sent", "twitch.v1.ChatSent", "what became of a line of ours"},
    };
    manifest.verbs = {chat::chat_verbs.begin(), chat::chat_verbs.end()};
    manifest.settings = {
        {"chat.channels", Kind::list, "", "logins of the channels to read"},
        {"chat.join_limit", Kind::number, "18", "joins within chat.join_window", "1..100000"},
        // Waits of nothing at all would keep the machine busy.
        {"chat.join_window", Kind::duration, "12s", "the stretch of time that join_limit is for",
         "1s.."},
        {"chat.join_answer_limit", Kind::duration, "15s", "how long a join may stay unanswered",
         "1s.."},
        {"chat.connect_every", Kind::duration, "2s", "between the beginnings of two connections",
         "10ms.."},
        {"chat.rooms_per_connection", Kind::number, "90", "rooms that one connection is in",
         "1..1000"},
        {"chat.read_as", Kind::list, "",
         "accounts that join rooms; those beyond their limits are joined without an account"},
        {"chat.rooms_per_account", Kind::number, "100",
         "rooms that an account is in; Twitch lets it be in 100 that it does not moderate",
         "1..100000"},
        {"chat.refused_retry", Kind::duration, "5m", "when a refused channel is tried again",
         "1s.."},
        {"chat.ping_every", Kind::duration, "30s", "how often the connection is probed", "1s.."},
        {"chat.pong_limit", Kind::duration, "10s", "how long the answer to a probe may take",
         "1s.."},
        {"chat.accounts", Kind::list, "",
         "logins of the accounts that may write; empty = all that are logged in"},
        {"chat.default_account", Kind::text, "",
         "who writes where nobody is named; empty = the first account"},
        {"chat.send_window", Kind::duration, "30s",
         "the stretch of time that Twitch's limits of 20 and 100 lines are for", "1s.."},
        {"chat.send_answer_limit", Kind::duration, "10s",
         "how long Twitch's word on a written line may take", "1s.."},
        {"chat.data", Kind::path, "",
         "folder for when lines were sent; default $STATE_DIRECTORY/chat or "
         "~/.local/state/coven/chat"},
        {"chat.keep_raw", Kind::flag, "true", "whether events carry the line as Twitch sent it"},
        {"chat.membership", Kind::flag, "false", "whether to tell which viewers join and part"},
        {"chat.whispers", Kind::flag, "false", "whether to tell what is whispered to the account"},
        {"chat.deleted_text", Kind::flag, "true",
         "whether the event of a deletion repeats what was deleted"},
    };
    manifest.examples = {
        {"coven-chat --channels xqc,pajlada", "read two channels of the real Twitch"},
        {"coven-chat --channels demo --twitch-chat-url ws://127.0.0.1:8080",
         "read from a coven-sim on this machine"},
        {"COVEN_CHAT_CHANNELS=xqc coven-chat --log-format json", "the same in a container"},
    };
    return manifest;
}

Result<std::unique_ptr<Connector>> make_connector(const Config& config) {
    auto settings = chat::Chat::read_settings(config);
    if (!settings) return settings.error();
    return std::unique_ptr<Connector>(std::make_unique<chat::Chat>(std::move(*settings)));
}

}  // namespace coven
