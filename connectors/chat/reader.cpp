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
    const auto token = co_await token_->next();
    if (token.has_error()) throw std::runtime_error(token.error().message);
    credentials.token = token->text;
    co_return credentials;
}

void Reader::refuse() {
    if (token_) token_->refuse();
}

}  // namespace chat
