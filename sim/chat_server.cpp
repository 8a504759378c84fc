#include "chat_server.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/experimental/awaitable_operators.hpp>

#include "coven/log.hpp"

namespace asio = boost::asio;
using asio::experimental::awaitable_operators::operator||;
using asio::experimental::awaitable_operators::operator&&;

namespace coven::sim {
namespace {

/// How often the server looks after its connections.
constexpr auto look_every = std::chrono::seconds(1);

WebSocketServer::Options door(const ChatServer::Options& options, std::uint16_t port,
                              const std::optional<Credentials>& tls) {
    WebSocketServer::Options door;
    door.bind = options.bind;
    door.port = port;
    door.tls = tls;
    return door;
}

}  // namespace

class ChatServer::State {
  public:
    State(asio::io_context& io, Clock& clock, Options options)
        : options_(std::move(options)),
          clock_(clock),
          shared_(io.get_executor(), options_.rules, clock) {
        shared_.patience = options_.patience;
        shared_.outbox = options_.outbox;
    }

    Result<void> open(asio::io_context& io) {
        if (!options_.sent_log.empty()) {
            auto log = SentLog::open(options_.sent_log);
            if (!log) return log.error();
            shared_.sent_log.emplace(std::move(*log));
        }
        auto plain = WebSocketServer::listen(io, clock_, door(options_, options_.port, {}));
        if (!plain) return plain.error();
        plain_ = std::move(*plain);
        if (!options_.tls) return {};
        auto tls =
            WebSocketServer::listen(io, clock_, door(options_, options_.tls_port, options_.tls));
        if (!tls) return tls.error();
        tls_ = std::move(*tls);
        return {};
    }

    asio::awaitable<void> run() {
        const auto serve = [this](ServerSocket& socket) { return this->serve(socket); };
        if (tls_) {
            co_await ((plain_->run(serve) && tls_->run(serve)) || look_after_all());
        } else {
            co_await (plain_->run(serve) || look_after_all());
        }
    }

    template <class Use>
    void for_each(Use use) {
        for (Connection* connection : connections_) use(*connection);
    }

    std::size_t tell(std::string_view line) {
        const ServerLine parsed(line);
        const auto heard =
            parsed.channel().empty() ? tell_all(parsed) : tell_room(parsed.channel(), parsed);
        if (heard > 0) ++shared_.tally.said;
        return heard;
    }

    void expel(std::string_view channel) {
        const auto room = std::string(channel);
        const auto notice = "@msg-id=msg_channel_suspended :tmi.twitch.tv NOTICE #" + room +
                            " :This channel does not exist or has been suspended.";
        tell_room(room, ServerLine(notice));
        for_each([&](Connection& connection) { connection.leave(room); });
        shared_.changed.ring();
    }

    Options options_;
    Clock& clock_;
    Shared shared_;
    std::vector<Connection*> connections_;
    std::unique_ptr<WebSocketServer> plain_;
    std::unique_ptr<WebSocketServer> tls_;
    /// Reused for each message.
    std::string line_;

  private:
    asio::awaitable<void> serve(ServerSocket& socket) {
        Connection connection(++shared_.tally.connections, shared_, socket);
        connections_.push_back(&connection);
        log::debug("client_came", {{"connection", connection.number()}});
        shared_.changed.ring();
        co_await connection.run();
        std::erase(connections_, &connection);
        log::debug("client_went", {{"connection", connection.number()}});
        shared_.changed.ring();
        shared_.spoken.ring();
    }

    asio::awaitable<void> look_after_all() {
        for (;;) {
            co_await clock_.sleep(look_every);
            const auto now = clock_.instant();
            for_each([now](Connection& connection) { connection.look_after(now); });
            if (shared_.sent_log) shared_.sent_log->flush();
        }
    }

    std::size_t tell_all(const ServerLine& line) {
        std::size_t heard = 0;
        for_each([&](Connection& connection) {
            if (!connection.session().is_logged_in()) return;
            connection.hear(line);
            ++heard;
        });
        return heard;
    }

    std::size_t tell_room(std::string_view room, const ServerLine& line) {
        return shared_.chat.rooms.tell(room, line, nullptr);
    }
};

Result<std::unique_ptr<ChatServer>> ChatServer::listen(asio::io_context& io, Clock& clock,
                                                       Options options) {
    auto state = std::make_unique<State>(io, clock, std::move(options));
    if (const auto opened = state->open(io); !opened) return opened.error();
    return std::unique_ptr<ChatServer>(new ChatServer(std::move(state)));
}

ChatServer::ChatServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

ChatServer::~ChatServer() = default;

asio::awaitable<void> ChatServer::run() { return state_->run(); }

std::string ChatServer::url() const {
    return "ws://" + state_->options_.bind + ":" + std::to_string(state_->plain_->port());
}

std::string ChatServer::tls_url(std::string_view host) const {
    if (!state_->tls_) return {};
    return "wss://" + std::string(host) + ":" + std::to_string(state_->tls_->port());
}

std::size_t ChatServer::say(std::string_view channel, std::string_view login,
                            std::string_view text) {
    ChatMessage message;
    message.from = plain_person(login);
    message.channel = channel;
    message.text = text;
    return say(std::move(message));
}

std::size_t ChatServer::say(ChatMessage message) {
    if (message.id.empty()) message.id = uuid_v4(state_->shared_.chat.random);
    if (message.sent == Time()) message.sent = state_->clock_.now();
    state_->line_.clear();
    append_line(state_->line_, message);
    return state_->tell(state_->line_);
}

std::size_t ChatServer::send_raw(std::string_view line) { return state_->tell(line); }

void ChatServer::send_frame(std::string_view bytes) {
    state_->for_each([bytes](Connection& connection) { connection.send_frame(bytes); });
}

void ChatServer::cut(std::uint64_t number) {
    state_->for_each([number](Connection& connection) {
        if (connection.number() == number) connection.cut();
    });
}

void ChatServer::cut_all() {
    state_->for_each([](Connection& connection) { connection.cut(); });
}

void ChatServer::reconnect() {
    state_->for_each([](Connection& connection) { connection.ask_to_reconnect(); });
}

asio::awaitable<void> ChatServer::say_goodbye(Duration limit) {
    state_->for_each([](Connection& connection) { connection.say_goodbye(); });
    co_await (until_connected(0) || state_->clock_.sleep(limit));
}

void ChatServer::fall_silent() { state_->shared_.is_silent = true; }

void ChatServer::speak_again() { state_->shared_.is_silent = false; }

void ChatServer::suspend(std::string_view channel) {
    state_->shared_.chat.rules.suspended.emplace(channel);
    state_->expel(channel);
}

void ChatServer::restore(std::string_view channel) {
    auto& suspended = state_->shared_.chat.rules.suspended;
    const auto place = suspended.find(channel);
    if (place != suspended.end()) suspended.erase(place);
}

std::vector<std::uint64_t> ChatServer::connection_numbers() const {
    std::vector<std::uint64_t> numbers;
    state_->for_each([&](Connection& connection) { numbers.push_back(connection.number()); });
    return numbers;
}

std::size_t ChatServer::audience(std::string_view channel) const {
    return state_->shared_.chat.rooms.members(channel).size();
}

std::size_t ChatServer::joined_channels() const { return state_->shared_.chat.rooms.size(); }

std::uint64_t ChatServer::room_changes() const { return state_->shared_.chat.rooms.changes(); }

const Tally& ChatServer::tally() const { return state_->shared_.tally; }

const std::deque<Received>& ChatServer::received() const { return state_->shared_.received; }

asio::awaitable<void> ChatServer::until(std::function<bool()> holds) {
    while (!holds()) co_await state_->shared_.changed.wait();
}

asio::awaitable<void> ChatServer::until_joined(std::string channel) {
    return until([this, channel = std::move(channel)] { return audience(channel) > 0; });
}

asio::awaitable<void> ChatServer::until_connected(std::size_t connections) {
    return until([this, connections] { return state_->connections_.size() == connections; });
}

asio::awaitable<void> ChatServer::until_received(std::string beginning) {
    return until([this, beginning = std::move(beginning)] {
        return std::ranges::any_of(
            received(), [&](const Received& one) { return one.line.starts_with(beginning); });
    });
}

asio::awaitable<void> ChatServer::until_joined_channels(std::size_t count) {
    return until([this, count] { return joined_channels() >= count; });
}

asio::awaitable<void> ChatServer::until_sent(std::size_t bytes) {
    const auto waits = [bytes](const Connection* connection) {
        return bytes == 0 ? !connection->is_idle() : connection->waiting_bytes() > bytes;
    };
    while (std::ranges::any_of(state_->connections_, waits)) {
        co_await state_->shared_.spoken.wait();
    }
}

Clock& ChatServer::clock() { return state_->clock_; }

}  // namespace coven::sim
