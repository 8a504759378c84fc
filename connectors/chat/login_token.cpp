#include "login_token.hpp"

#include <utility>

namespace chat {

boost::asio::awaitable<coven::Result<coven::AccessToken>> LoginToken::next() {
    const bool replace = std::exchange(is_refused_, false) && last_.has_value();
    auto asked = replace ? tokens_.replace(*last_) : tokens_.token();
    auto token = co_await std::move(asked);
    if (token.has_value()) last_ = *token;
    co_return token;
}

}  // namespace chat
