#include "users.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

#include "coven/command.hpp"
#include "coven/helix.hpp"
#include "coven/http.hpp"
#include "coven/log.hpp"
#include "coven/race.hpp"
#include "coven/state_folder.hpp"
#include "coven/store_token_source.hpp"
#include "coven/token_store.hpp"
#include "coven/topic.hpp"
#include "twitch/v1/chat.pb.h"
#include "twitch_users.hpp"

namespace asio = boost::asio;

namespace users {

namespace {

using coven::v1::Presence;
using coven::v1::Reply;
using twitch::v1::UserRenamed;
using twitch::v1::UsersLookup;

constexpr std::size_t most_names = 1000;
/// What is left for the answer's way back.
constexpr auto way_back = std::chrono::milliseconds(200);
constexpr auto housekeeping_interval = std::chrono::seconds(1);

coven::Result<std::vector<Name>> names_in(const UsersLookup& question) {
    std::vector<Name> names;
    for (const auto& id : question.ids()) {
        auto name = parse_id(id);
        if (name.has_error()) return name.error();
        names.push_back(std::move(*name));
    }
    for (const auto& login : question.logins()) {
        auto name = parse_login(login);
        if (name.has_error()) return name.error();
        names.push_back(std::move(*name));
    }
    return names;
}

/// The user that wrote a line, and the one in whose channel.
std::vector<twitch::v1::User> users_in(const twitch::v1::ChatMessage& message) {
    std::vector<twitch::v1::User> users(2);
    users[0].set_id(message.user_id());
    users[0].set_login(message.user_login());
    users[0].set_display_name(message.display_name());
    users[1].set_id(message.channel_id());
    users[1].set_login(message.channel_login());
    return users;
}

bool is_somebody(const twitch::v1::User& user) {
    return parse_id(user.id()).has_value() && parse_login(user.login()).has_value();
}

/// One life of the connector.
class Work {
  public:
    Work(coven::Bus& bus, UserCache& cache, UsersNumbers& numbers, coven::Helix& helix,
         const asio::any_io_executor& executor)
        : bus_(bus),
          cache_(cache),
          numbers_(numbers),
          helix_(helix),
          lookups_(cache, bus.clock(), numbers.lookups, twitch(), {}, executor) {}

    asio::awaitable<void> run() {
        const coven::Answerer look_up = [this](coven::v1::Request call) {
            return answer(std::move(call));
        };
        bus_.report(Presence::STATE_READY, "");
        auto answering = coven::race(bus_.answer("users.lookup", look_up), lookups_.run());
        auto learning = coven::race(listen(), keep_house());
        co_await coven::race(std::move(answering), std::move(learning));
    }

  private:
    Lookups::Twitch twitch() {
        return {[this](std::vector<Name> names) { return ask_twitch(helix_, std::move(names)); },
                [this](UserRenamed change) { return tell(std::move(change)); }};
    }

    asio::awaitable<Reply> answer(coven::v1::Request call) {
        const auto question = coven::payload_as<UsersLookup>(call);
        if (!question) co_return coven::wrong_payload<UsersLookup>();
        const auto names = names_in(*question);
        if (names.has_error()) {
            co_return coven::rejection("name_malformed", names.error().message);
        }
        if (names->empty() || names->size() > most_names) {
            co_return coven::rejection("names_count", "ask for 1 to 1000 ids and logins, not " +
                                                          std::to_string(names->size()));
        }
        const std::chrono::milliseconds left(call.deadline_ms());
        const auto limit = std::max(left - way_back, left / 2);
        const auto users = co_await lookups_.look_up(*names, limit);
        co_return coven::reply_with(users);
    }

    asio::awaitable<void> listen() {
        auto chat = bus_.subscribe("twitch.chat.*.message");
        for (;;) {
            const auto event = co_await chat.next();
            const auto message = event.payload_as<twitch::v1::ChatMessage>();
            if (!message) continue;
            ++numbers_.heard;
            const auto& what = event.message();
            const auto at = what.occurred_us() != 0 ? what.occurred_us() : what.received_us();
            for (auto& user : users_in(*message)) co_await learn(std::move(user), at);
        }
    }

    asio::awaitable<void> learn(twitch::v1::User user, std::uint64_t at_us) {
        if (!is_somebody(user)) co_return;
        // A clock that runs ahead would make later news look old.
        const auto now_us = coven::microseconds_since_epoch(bus_.clock().now());
        user.set_seen_us(std::min(at_us, now_us));
        auto renamed = cache_.learn(user);
        if (renamed) co_await tell(std::move(*renamed));
    }

    asio::awaitable<void> tell(UserRenamed change) {
        ++numbers_.renamed;
        const auto topic = coven::Topic::parse("twitch.user." + change.old_login() + ".renamed");
        if (topic.has_error()) co_return;
        coven::v1::Event event;
        event.set_type("tv.twitch.user.renamed");
        event.mutable_proto_data()->PackFrom(change);
        while (bus_.publish(*topic, event) == coven::Published::outbox_full) {
            co_await bus_.room();
        }
    }

    asio::awaitable<void> keep_house() {
        for (;;) {
            cache_.sweep(bus_.clock().now());
            const auto saved = cache_.save();
            if (saved.has_error()) report_trouble(saved.error());
            if (saved.has_value()) bus_.report(Presence::STATE_READY, "");
            numbers_.users = cache_.size();
            co_await bus_.clock().sleep(housekeeping_interval);
        }
    }

    void report_trouble(const coven::Error& error) {
        if (trouble_ != error.message) coven::log::warn("not_saved", {{"reason", error.message}});
        trouble_ = error.message;
        bus_.report(Presence::STATE_DEGRADED, "users are not saved: " + error.message);
    }

    coven::Bus& bus_;
    UserCache& cache_;
    UsersNumbers& numbers_;
    coven::Helix& helix_;
    Lookups lookups_;
    std::string trouble_;
};

coven::Result<std::string> folder_of(const coven::Config& config) {
    const auto& said = config.text("users.data");
    if (!said.empty()) return {boost::system::in_place_value, said};
    auto folder = coven::state_folder("users");
    if (!folder) return coven::Error("there is no folder for the list of users: set [users] data");
    return {boost::system::in_place_value, std::move(*folder)};
}

}  // namespace

coven::Result<Users::Settings> Users::read_settings(const coven::Config& config) {
    Settings settings;
    auto folder = folder_of(config);
    if (folder.has_error()) return folder.error();
    settings.folder = std::move(*folder);
    settings.limits.ttl = config.duration("users.ttl");
    settings.limits.absent_ttl = config.duration("users.absent_ttl");
    settings.limits.keep = config.duration("users.keep");
    settings.helix_url = config.text("twitch.helix_url");
    settings.ca_file = config.text("twitch.ca_file");
    auto tokens = coven::token_folder_of(config);
    if (tokens.has_error()) return tokens.error();
    settings.token_folder = std::move(*tokens);
    settings.account = config.text("users.account");
    return settings;
}

asio::awaitable<void> Users::run(coven::Bus& bus) {
    show(numbers_, bus.metrics());
    // Throws when another program has it: an older life of ours, say, that is about to end.
    const auto cache = UserCache::open(settings_.folder, settings_.limits).value();
    const auto executor = co_await asio::this_coro::executor;
    coven::HttpClient::Options options;
    options.ca_file = settings_.ca_file;
    coven::HttpClient http(executor, bus.clock(), options);
    const auto store = coven::TokenStore::open(settings_.token_folder).value();
    coven::StoreTokenSource tokens(store, bus, settings_.account);
    coven::Helix::Options twitch;
    twitch.base_url = settings_.helix_url;
    coven::Helix helix(http, bus.clock(), tokens, twitch);
    Work work(bus, *cache, numbers_, helix, executor);
    co_await work.run();
}

}  // namespace users

namespace coven {

Manifest manifest() {
    using Kind = Setting::Kind;
    Manifest manifest;
    manifest.kind = "users";
    manifest.summary = "keeps the list of users: id, login and display name, for everybody";
    manifest.topics = {{"twitch.user.<login>.renamed", "twitch.v1.UserRenamed",
                        "a user has another login than this one now"}};
    manifest.verbs = {"users.lookup"};
    manifest.settings = {
        {"users.account", Kind::text, "", "whose token is used; empty = the first one there is"},
        {"users.data", Kind::path, "",
         "folder of the list; default $STATE_DIRECTORY/users or ~/.local/state/coven/users"},
        {"users.ttl", Kind::duration, "24h", "names seen longer ago are asked for again",
         "1s..720h"},
        {"users.absent_ttl", Kind::duration, "10m",
         "how long it is believed that there is nobody by a name", "1s..24h"},
        {"users.keep", Kind::duration, "720h", "whoever was not seen for so long is forgotten",
         "1h.."},
    };
    manifest.examples = {
        {"coven-users", "learn from the chat on the bus, and ask Twitch for the rest"},
        {"coven users xqc 71092938", "ask it"},
    };
    return manifest;
}

Result<std::unique_ptr<Connector>> make_connector(const Config& config) {
    auto settings = users::Users::read_settings(config);
    if (settings.has_error()) return settings.error();
    return std::unique_ptr<Connector>(std::make_unique<users::Users>(std::move(*settings)));
}

}  // namespace coven
