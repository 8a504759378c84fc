#include "reader.hpp"

#include <stdexcept>
#include <utility>

namespace asio = boost::asio;

namespace chat {

Reader::Reader(std::string nick, JoinLimiter::Limits joins)
    : nick_(std::move(nick)), queue_(joins) {}

Reader::Reader(std::string login, std::unique_ptr<coven::TokenSource> tokens,
               JoinLimiter::Limits joins)
    : nick_(login),
      login_(std::move(login)),
      tokens_(std::move(tokens)),
      token_(*tokens_),
      queue_(joins) {}

asio::awaitable<Reader::Credentials> Reader::credentials() {
    Credentials credentials;
    credentials.nick = nick_;
    if (!token_) co_return credentials;
    if (!shut_out_.empty()) throw std::runtime_error(shut_out_);
    const auto token = co_await token_->next();
    if (token.has_error()) {
        shut_out(token.error().message);
        throw std::runtime_error(token.error().message);
    }
    credentials.token = token->text;
    co_return credentials;
}

bool Reader::is_last(const coven::Secret& token) const {
    return token_ && token_->last() && token_->last()->text.reveal() == token.reveal();
}

void Reader::refuse(const coven::Secret& token) {
    // Of several connections that were refused together, one gets another token for all.
    if (!is_last(token)) return;
    token_->refuse();
    if (++refusals_ > 1) shut_out("Twitch's chat takes no token of it, a new one neither");
}

void Reader::shut_out(const std::string& reason) {
    shut_out_ = reason;
    when_shut_out();
}

asio::awaitable<void> Reader::look_again() {
    const auto token = co_await tokens_->token();
    if (token.has_error() || is_last(token->text)) co_return;
    refusals_ = 0;
    shut_out_.clear();
}

}  // namespace chat
