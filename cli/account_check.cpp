#include "account_check.hpp"

#include <chrono>
#include <filesystem>
#include <utility>

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include "coven/http.hpp"
#include "coven/oauth.hpp"
#include "coven/token_store.hpp"
#include "time_text.hpp"

namespace asio = boost::asio;

namespace coven::cli {

namespace {

using Level = Finding::Level;

/// Less is left before coven-token has refreshed it only when that does not run.
constexpr std::chrono::minutes short_life{10};

Finding of(Level level, const std::string& login, std::string text, std::string advice = "") {
    return {level, "account", login, std::move(text), std::move(advice)};
}

Finding of_good(const StoredToken& token, const Validation& validation) {
    const auto left = validation.expires_in;
    if (left.count() == 0) return of(Level::fine, token.login, "its token is good");
    const auto text = "its token is good for " + span_text(left);
    if (!token.refresh.empty() || left > std::chrono::hours(24)) {
        const bool is_short = left < short_life;
        return of(is_short ? Level::attention : Level::fine, token.login, text,
                  is_short ? "coven-token refreshes it: is it running?" : "");
    }
    return of(Level::attention, token.login, text + " and cannot be refreshed",
              "log in with the device code (`coven login`) to have it refreshed");
}

Finding of_refused(const StoredToken& token, const OauthError& error) {
    using Kind = OauthError::Kind;
    if (error.kind == Kind::unreachable) {
        return of(Level::attention, token.login,
                  "its token could not be checked: " + error.message);
    }
    if (!token.refresh.empty()) {
        return of(Level::attention, token.login, "its token has ended",
                  "coven-token refreshes it when it runs; if that does not help, `coven login`");
    }
    return of(Level::broken, token.login, "Twitch refuses its token",
              "log in again with `coven login`");
}

class Check {
  public:
    Check(Oauth& oauth, TokenStore store) : oauth_(oauth), store_(std::move(store)) {}

    asio::awaitable<AccountCheck> run() {
        const auto logins = store_.logins();
        if (logins.has_error()) {
            add({Level::broken, "tokens", store_.folder(), logins.error().message});
            co_return std::move(result_);
        }
        for (const auto& login : *logins) co_await look_at(login);
        co_return std::move(result_);
    }

  private:
    void add(Finding finding) { result_.findings.push_back(std::move(finding)); }

    asio::awaitable<void> look_at(std::string login) {
        const auto token = store_.read(login);
        if (token.has_error()) {
            add(of(Level::broken, login, token.error().message));
            co_return;
        }
        // Somebody has just removed it.
        if (!*token) co_return;
        const auto& stored = **token;
        result_.granted[login] = stored.scopes;
        const auto validation = co_await oauth_.validate(stored.access);
        if (validation.has_error()) {
            add(of_refused(stored, validation.error()));
            co_return;
        }
        result_.granted[login] = validation->scopes;
        add(of_good(stored, *validation));
    }

    Oauth& oauth_;
    TokenStore store_;
    AccountCheck result_;
};

AccountCheck nobody(const std::string& folder) {
    AccountCheck check;
    check.findings.push_back(
        {Level::fine, "tokens", folder, "no account is logged in; to read chat takes none"});
    return check;
}

AccountCheck failed(const Error& error) {
    AccountCheck check;
    check.findings.push_back({Level::broken, "tokens", "", error.message});
    return check;
}

}  // namespace

asio::awaitable<AccountCheck> check_accounts(Clock& clock, const Config& config) {
    const auto folder = token_folder_of(config);
    if (folder.has_error()) co_return failed(folder.error());
    std::error_code ignored;
    // To open it would make it.
    if (!std::filesystem::exists(*folder, ignored)) co_return nobody(*folder);
    auto store = TokenStore::open(*folder);
    if (store.has_error()) co_return failed(store.error());
    HttpClient::Options options;
    options.ca_file = config.text("twitch.ca_file");
    HttpClient http(co_await asio::this_coro::executor, clock, options);
    Oauth oauth(http, config.text("twitch.id_url"));
    Check check(oauth, std::move(*store));
    auto result = co_await check.run();
    if (result.findings.empty()) co_return nobody(*folder);
    co_return result;
}

}  // namespace coven::cli
