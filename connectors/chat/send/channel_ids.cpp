#include "send/channel_ids.hpp"

#include <utility>

namespace asio = boost::asio;

namespace chat {

namespace {

constexpr auto believed_for = std::chrono::hours(1);
/// More are forgotten: whoever speaks in so many channels can ask again.
constexpr std::size_t most_known = 10000;

}  // namespace

void ChannelIds::learn(const std::string& login, const std::string& id) {
    if (known_.size() >= most_known) known_.clear();
    known_.insert_or_assign(login, Known{id, clock_.instant() + believed_for});
}

/// https://dev.twitch.tv/docs/api/reference/#get-users (read 2026-11-22)
asio::awaitable<coven::HelixResult<std::optional<std::string>>> ChannelIds::find(
    coven::Helix& helix, std::string login) {
    const auto known = known_.find(login);
    if (known != known_.end() && known->second.until > clock_.instant()) {
        co_return std::optional<std::string>(known->second.id);
    }
    coven::HelixCall call;
    call.path = "/users";
    call.query.push_back({"login", login});
    call.object = "user '" + login + "'";
    const auto answer = co_await helix.call(std::move(call));
    if (answer.has_error()) co_return answer.error();
    const auto users = answer->member("data").items();
    const auto id = users.empty() ? std::string() : users.front().text_or("id");
    if (id.empty()) co_return std::optional<std::string>();
    learn(login, id);
    co_return std::optional<std::string>(id);
}

}  // namespace chat
