#include "reader.hpp"

#include <stdexcept>
#include <utility>

namespace asio = boost::asio;

namespace chat {

Reader::Reader(std::string nick, JoinLimiter::Limits joins)
    : nick_(std::move(nick)), queue_(joins) {}

Reader::Reader(std::string login, std::unique_ptr<coven::TokenSource> tokens,
               JoinLimiter::Limits joins)
    : nick_(login), login_(std::move(login)), tokens_(std::move(tokens)), queue_(joins) {}

asio::awaitable<Reader::Credentials> Reader::credentials() {
    Credentials credentials;
    credentials.nick = nick_;
    if (!tokens_) co_return credentials;
    const bool replace = std::exchange(is_refused_, false) && last_.has_value();
    auto asked = replace ? tokens_->replace(*last_) : tokens_->token();
    auto token = co_await std::move(asked);
    if (token.has_error()) throw std::runtime_error(token.error().message);
    last_ = std::move(*token);
    credentials.token = last_->text;
    co_return credentials;
}

}  // namespace chat
