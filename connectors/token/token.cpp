#include "token.hpp"

#include <utility>

#include <boost/asio/this_coro.hpp>

#include "accounts.hpp"
#include "coven/given_token.hpp"
#include "coven/log.hpp"
#include "coven/race.hpp"
#include "coven/topic.hpp"

namespace asio = boost::asio;

namespace token {

namespace {

class Twitch final : public IdServer {
  public:
    Twitch(coven::HttpClient& http, const Token::Settings& settings)
        : oauth_(http, settings.id_url), settings_(settings) {}

    asio::awaitable<coven::OauthResult<coven::Validation>> validate(coven::Secret access) override {
        return oauth_.validate(std::move(access));
    }
    asio::awaitable<coven::OauthResult<coven::TokenPair>> refresh(coven::Secret refresh,
                                                                  std::string client_id) override {
        // A secret goes to Twitch with the tokens of its own application alone.
        const bool is_ours = client_id == settings_.client_id;
        auto secret = is_ours ? settings_.client_secret : coven::Secret();
        return oauth_.refresh(std::move(refresh), std::move(client_id), std::move(secret));
    }

  private:
    coven::Oauth oauth_;
    const Token::Settings& settings_;
};

/// Puts a token that came with the configuration into the store, once Twitch calls it good. What
/// the store has of that account is newer, unless nobody can refresh it.
void take_in(coven::TokenStore& store, const coven::StoredToken& given) {
    const auto known = store.read(given.login);
    const bool is_known = known.has_value() && known->has_value();
    if (is_known &&
        (!(*known)->refresh.empty() || (*known)->access.reveal() == given.access.reveal())) {
        return coven::log::info("import_not_needed", {{"login", given.login}});
    }
    const auto written = store.write(given);
    if (written.has_value()) return coven::log::info("imported", {{"login", given.login}});
    coven::log::error("not_imported",
                      {{"login", given.login}, {"reason", written.error().message}});
}

/// Asks until Twitch answers; then waits to be cancelled.
asio::awaitable<void> import(const coven::Secret& given, IdServer& twitch, coven::Clock& clock,
                             coven::TokenStore& store) {
    coven::Bell never(co_await asio::this_coro::executor);
    coven::Backoff pauses({});
    while (!given.empty()) {
        co_await clock.sleep(pauses.next());
        const auto answer = co_await twitch.validate(given);
        if (answer.has_value() && answer->login.empty()) {
            coven::log::error("not_imported", {{"reason", "token.import is of no account"}});
            break;
        }
        if (answer.has_value()) {
            coven::TokenPair pair;
            pair.access = given;
            take_in(store, coven::token_to_store(std::move(pair), *answer, clock.now()));
            break;
        }
        coven::log::warn("not_imported", {{"reason", "token.import: " + answer.error().message}});
        if (answer.error().kind != coven::OauthError::Kind::unreachable) break;
    }
    for (;;) co_await never.wait();
}

void publish(coven::Bus& bus, const std::string& what, const twitch::v1::TokenEvent& payload) {
    const auto topic = coven::Topic::parse("twitch.token." + payload.login() + "." + what).value();
    coven::v1::Event event;
    event.set_type("tv.twitch.token." + what);
    event.mutable_proto_data()->PackFrom(payload);
    if (bus.publish(topic, event) == coven::Published::queued) return;
    coven::log::warn("event_dropped",
                     {{"topic", topic.text()}, {"reason", "the broker does not answer"}});
}

}  // namespace

coven::Result<Token::Settings> Token::read_settings(const coven::Config& config) {
    auto folder = coven::token_folder_of(config);
    if (folder.has_error()) return folder.error();
    Settings settings;
    settings.folder = std::move(*folder);
    settings.id_url = config.text("twitch.id_url");
    settings.ca_file = config.text("twitch.ca_file");
    settings.client_id = config.text("twitch.client_id");
    settings.client_secret = config.secret("twitch.client_secret");
    if (config.secret("token.import").empty()) return settings;
    auto given = coven::token_in(config.secret("token.import").reveal());
    if (given.has_error()) return coven::Error("token.import: " + given.error().message);
    settings.given = std::move(*given);
    return settings;
}

asio::awaitable<void> Token::run(coven::Bus& bus) {
    show(numbers_, bus.metrics());
    const auto executor = co_await asio::this_coro::executor;
    auto store = coven::TokenStore::open(settings_.folder).value();
    const auto ownership = store.own().value();
    store.recover().value();
    const auto watch = coven::TokenWatch::open(executor, store).value();
    coven::HttpClient::Options options;
    options.ca_file = settings_.ca_file;
    coven::HttpClient http(executor, bus.clock(), options);
    Twitch twitch(http, settings_);
    Workshop workshop{bus.clock(), store, twitch, numbers_, executor, {}, {}, {}};
    workshop.publish = [&bus](const std::string& what, const twitch::v1::TokenEvent& event) {
        publish(bus, what, event);
    };
    const Accounts* all = nullptr;
    workshop.changed = [&bus, &all] {
        if (all == nullptr) return;
        const auto presence = all->presence();
        bus.report(presence.state, presence.reason);
    };
    Accounts accounts(workshop);
    all = &accounts;
    workshop.changed();
    const coven::Answerer refresh = [&accounts](coven::v1::Request call) {
        return accounts.refresh(std::move(call));
    };
    const coven::Answerer validate = [&accounts](coven::v1::Request call) {
        return accounts.validate(std::move(call));
    };
    auto answers =
        coven::race(bus.answer("token.refresh", refresh), bus.answer("token.validate", validate));
    auto caring =
        coven::race(accounts.run(*watch), import(settings_.given, twitch, bus.clock(), store));
    co_await coven::race(std::move(caring), std::move(answers));
}

}  // namespace token

namespace coven {

Manifest manifest() {
    Manifest manifest;
    manifest.kind = "token";
    manifest.summary = "validates, refreshes and stores the tokens of every account";
    manifest.topics = {
        {"twitch.token.<login>.validated", "twitch.v1.TokenEvent", "Twitch calls the token good"},
        {"twitch.token.<login>.expiring", "twitch.v1.TokenEvent",
         "it ends within ten minutes, and nothing of ours will prevent it"},
        {"twitch.token.<login>.refreshed", "twitch.v1.TokenEvent", "a newer one is in the store"},
        {"twitch.token.<login>.rejected", "twitch.v1.TokenEvent",
         "Twitch refuses it: somebody must log in again"},
        {"twitch.token.<login>.revoked", "twitch.v1.TokenEvent", "it was taken out of the store"},
    };
    manifest.verbs = {"token.refresh", "token.validate"};
    manifest.settings = {
        {"token.import", Setting::Kind::secret, "",
         "a token to take into the store at the start, as a container's secret; without its "
         "refresh token it ends after some weeks"},
    };
    manifest.examples = {
        {"coven-token", "look after the accounts that `coven login` has stored"},
        {"coven-token --twitch-token-folder /run/tokens", "those of another folder"},
        {"COVEN_TOKEN_IMPORT_FILE=/run/secrets/twitch coven-token", "and one that is a secret"},
    };
    return manifest;
}

Result<std::unique_ptr<Connector>> make_connector(const Config& config) {
    auto settings = token::Token::read_settings(config);
    if (settings.has_error()) return settings.error();
    return std::unique_ptr<Connector>(std::make_unique<token::Token>(std::move(*settings)));
}

}  // namespace coven
