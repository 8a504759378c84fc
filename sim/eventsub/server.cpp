#include "server.hpp"

#include <algorithm>
#include <utility>

#include "coven/log.hpp"

namespace asio = boost::asio;

namespace coven::sim::eventsub {
namespace {

constexpr unsigned nothing_here = 404;
constexpr unsigned unavailable = 503;

/// One more in a list while it lives.
class Listed {
  public:
    Listed(std::vector<Connection*>& list, Connection& connection)
        : list_(list), connection_(connection) {
        list_.push_back(&connection_);
    }
    Listed(const Listed&) = delete;
    Listed& operator=(const Listed&) = delete;
    ~Listed() { std::erase(list_, &connection_); }

  private:
    std::vector<Connection*>& list_;
    Connection& connection_;
};

}  // namespace

Server::Server(const asio::any_io_executor& executor, const Hub::Options& options, Users& users,
               Clock& clock)
    : executor_(executor),
      users_(users),
      hub_(options, clock),
      rewards_(hub_.ids(), clock),
      opens_at_(clock.instant()),
      changed_(executor) {
    hub_.on_change([this] { changed_.ring(); });
}

asio::awaitable<void> Server::serve(ServerSocket& socket) {
    const auto number = ++came_;
    log::debug("eventsub_client_came", {{"connection", number}});
    co_await serve_one(number, socket);
    log::debug("eventsub_client_went", {{"connection", number}});
    changed_.ring();
}

asio::awaitable<void> Server::serve_one(std::uint64_t number, ServerSocket& socket) {
    Connection connection(number, executor_, hub_, socket);
    connection.set_voice(voice_);
    const Listed listed(connections_, connection);
    co_await connection.run();
}

unsigned Server::refusal(std::string_view target) const {
    if (target.substr(0, target.find('?')) != path) return nothing_here;
    return hub_.clock().instant() < opens_at_ ? unavailable : 0;
}

std::size_t Server::each(const Target& target, const std::function<void(Connection&)>& use) {
    std::size_t count = 0;
    for (Connection* connection : connections_) {
        if (!means(target, *connection)) continue;
        use(*connection);
        ++count;
    }
    return count;
}

std::size_t Server::set_voice(const Target& target, Voice voice) {
    if (target.is_all()) voice_ = voice;
    return each(target, [voice](Connection& connection) { connection.set_voice(voice); });
}

bool Server::means(const Target& target, const Connection& connection) {
    if (target.connection != 0) return connection.number() == target.connection;
    if (target.is_all()) return true;
    const auto* const channel = users_.with_login(target.channel);
    if (channel == nullptr || connection.session() == nullptr) return false;
    return std::ranges::any_of(hub_.subscriptions().all(), [&](const Subscription& one) {
        return one.session_id == connection.session()->id &&
               std::ranges::any_of(one.condition,
                                   [&](const auto& entry) { return entry.second == channel->id; });
    });
}

asio::awaitable<void> Server::until(std::function<bool()> holds) {
    while (!holds()) co_await changed_.wait();
}

}  // namespace coven::sim::eventsub
