#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "coven/bell.hpp"
#include "coven/clock.hpp"
#include "id_server.hpp"

namespace token {

/// id.twitch.tv for one account of a public application: a refresh token is good once, an access
/// for four hours.
class PlayedIdServer final : public IdServer {
  public:
    static constexpr auto life = std::chrono::hours(4);
    using Kind = coven::OauthError::Kind;

    PlayedIdServer(coven::Clock& clock, const boost::asio::any_io_executor& executor)
        : clock_(clock), let_go_(executor) {}

    /// A new pair, as after a login.
    coven::TokenPair give() {
        const auto number = std::to_string(++given_);
        ends_["access-" + number] = clock_.now() + life;
        refresh_tokens_.insert("refresh-" + number);
        coven::TokenPair pair;
        pair.access = coven::Secret("access-" + number);
        pair.refresh = coven::Secret("refresh-" + number);
        pair.expires_in = life;
        return pair;
    }
    bool is_good(std::string_view access) const {
        const auto found = ends_.find(std::string(access));
        return found != ends_.end() && clock_.now() < found->second;
    }
    void revoke_access() { ends_.clear(); }
    void revoke_everything() {
        ends_.clear();
        refresh_tokens_.clear();
    }

    boost::asio::awaitable<coven::OauthResult<coven::Validation>> validate(
        coven::Secret access) override {
        validated_at.push_back(clock_.now());
        if (is_down) co_return error(Kind::unreachable, "no answer");
        if (!is_good(access.reveal())) co_return error(Kind::refused, "invalid access token");
        coven::Validation validation;
        validation.client_id = "some_client";
        validation.login = login;
        validation.user_id = "71092938";
        validation.scopes = {"chat:read"};
        validation.expires_in = std::chrono::floor<std::chrono::seconds>(
            ends_.at(std::string(access.reveal())) - clock_.now());
        co_return validation;
    }

    boost::asio::awaitable<coven::OauthResult<coven::TokenPair>> refresh(coven::Secret refresh,
                                                                         std::string) override {
        ++refreshes;
        if (is_down) co_return error(Kind::unreachable, "no answer");
        if (refresh_fault) co_return error(*refresh_fault, "missing client secret");
        if (refresh_tokens_.erase(std::string(refresh.reveal())) == 0) {
            co_return error(Kind::refused, "Invalid refresh token");
        }
        auto pair = give();
        while (holds_answers) co_await let_go_.wait();
        co_return pair;
    }
    /// Answers to refreshes that are on their way arrive.
    void let_go() {
        holds_answers = false;
        let_go_.ring();
    }

    std::string login = "ann";
    bool is_down = false;
    bool holds_answers = false;
    std::optional<Kind> refresh_fault;
    int refreshes = 0;
    std::vector<coven::Time> validated_at;

  private:
    static coven::OauthError error(Kind kind, const std::string& text) {
        coven::OauthError error;
        error.message = "it failed: " + text + "; log in again: coven login";
        error.kind = kind;
        error.twitch_message = text;
        return error;
    }

    coven::Clock& clock_;
    coven::Bell let_go_;
    int given_ = 0;
    std::map<std::string, coven::Time> ends_;
    std::set<std::string> refresh_tokens_;
};

}  // namespace token
