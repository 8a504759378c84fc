#include "chat_server.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>

#include "coven/jobs.hpp"
#include "coven/log.hpp"
#include "door_pair.hpp"

namespace asio = boost::asio;
using asio::experimental::awaitable_operators::operator||;

namespace coven::sim {
namespace {

/// How often the server looks after its connections.
constexpr auto look_every = std::chrono::seconds(1);

DoorPair::Options doors(const ChatServer::Options& options) {
    return {options.bind, options.port, options.tls_port, options.tls};
}

}  // namespace

class ChatServer::State {
  public:
    State(asio::io_context& io, Clock& clock, Options options)
        : options_(std::move(options)),
          clock_(clock),
          shared_(io.get_executor(), options_.rules, clock),
          jobs_(io.get_executor()),
          cancelled_(io.get_executor()),
          said_(io.get_executor()) {
        shared_.patience = options_.patience;
        shared_.outbox = options_.outbox;
        shared_.chat.told = [this](std::string_view line, std::size_t heard) { note(line, heard); };
    }

    Result<void> open(asio::io_context& io) {
        if (!options_.sent_log.empty()) {
            auto log = SentLog::open(options_.sent_log);
            if (!log) return log.error();
            shared_.sent_log.emplace(std::move(*log));
        }
        if (!options_.said_log.empty()) {
            auto log = SentLog::open(options_.said_log);
            if (!log) return log.error();
            said_log_.emplace(std::move(*log));
        }
        if (!options_.deed_log.empty()) {
            const auto opened = shared_.chat.deeds.open(options_.deed_log);
            if (!opened) return opened.error();
        }
        return doors_.open(io, clock_, doors(options_));
    }

    asio::awaitable<void> run() {
        co_await asio::this_coro::throw_if_cancelled(false);
        co_await (serve_doors() || cancelled_.wait());
        co_await jobs_.finish();
    }

    template <class Use>
    void for_each(Use use) {
        for (Connection* connection : connections_) use(*connection);
    }

    bool means(const Target& target, const Connection& connection) const {
        if (target.connection != 0) return connection.number() == target.connection;
        return target.is_all() || connection.session().rooms().contains(target.channel);
    }

    std::size_t tell(std::string_view line) {
        const ServerLine parsed(line);
        if (!parsed.channel().empty()) return shared_.chat.tell(parsed, nullptr);
        const auto heard = tell_all(parsed);
        note(line, heard);
        return heard;
    }

    asio::awaitable<void> until_said(std::uint64_t count) {
        while (shared_.tally.said < count) {
            stop_at_ = std::min(stop_at_, count);
            co_await said_.wait();
        }
    }

    void expel(std::string_view channel) {
        const auto room = std::string(channel);
        const auto notice = "@msg-id=msg_channel_suspended :tmi.twitch.tv NOTICE #" + room +
                            " :This channel does not exist or has been suspended.";
        shared_.chat.rooms.tell(room, ServerLine(notice), nullptr);
        for_each([&](Connection& connection) { connection.leave(room); });
        shared_.changed.ring();
    }

    Options options_;
    Clock& clock_;
    Shared shared_;
    std::vector<Connection*> connections_;
    DoorPair doors_;
    Jobs jobs_;
    std::map<std::string, std::uint64_t, std::less<>> faults_;
    /// `Tally::said` at which somebody waits for it.
    static constexpr auto no_stop = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t stop_at_ = no_stop;

  private:
    asio::awaitable<void> serve_doors() {
        WebServer::Service service;
        service.web_socket = [this](ServerSocket& socket) { return this->serve(socket); };
        co_await (doors_.run(std::move(service)) || look_after_all());
    }

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
            if (said_log_) said_log_->flush();
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

    /// Something was said.
    void note(std::string_view line, std::size_t heard) {
        if (said_log_) {
            const SentLog::Entry entry{
                .connection = 0, .login = {}, .time = clock_.now(), .line = line};
            said_log_->write(entry);
        }
        if (heard > 0) ++shared_.tally.said;
        if (shared_.tally.said < stop_at_) return;
        stop_at_ = no_stop;
        said_.ring();
    }

    /// Never rung: its wait ends when `run` is cancelled.
    Bell cancelled_;
    /// Rung at `stop_at_`.
    Bell said_;
    std::optional<SentLog> said_log_;
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

std::string ChatServer::url() const { return state_->doors_.url("ws"); }

std::string ChatServer::tls_url(std::string_view host) const {
    return state_->doors_.tls_url("wss", host);
}

Chat& ChatServer::chat() { return state_->shared_.chat; }

Users& ChatServer::users() { return state_->shared_.chat.users; }

Person ChatServer::meet(std::string_view login) {
    if (is_login(login)) users().meet(login);
    return users().person(login);
}

std::size_t ChatServer::say(std::string_view channel, std::string_view login,
                            std::string_view text) {
    ChatMessage message;
    message.from = meet(login);
    message.channel = channel;
    message.text = text;
    return say(std::move(message));
}

std::size_t ChatServer::say(ChatMessage message) {
    return state_->shared_.chat.say(message, nullptr);
}

std::size_t ChatServer::send_raw(std::string_view line) { return state_->tell(line); }

void ChatServer::send_frame(std::string_view bytes) {
    state_->for_each([bytes](Connection& connection) {
        connection.send_frame(bytes, Outbox::Frame::Kind::text);
    });
}

std::size_t ChatServer::each(const Target& target, const std::function<void(Connection&)>& use) {
    std::size_t count = 0;
    state_->for_each([&](Connection& connection) {
        if (!state_->means(target, connection)) return;
        use(connection);
        ++count;
    });
    return count;
}

std::size_t ChatServer::set_voice(const Target& target, Voice voice) {
    if (target.is_all()) state_->shared_.voice = voice;
    return each(target, [voice](Connection& connection) { connection.set_voice(voice); });
}

std::size_t ChatServer::set_delivery(const Target& target, Delivery delivery) {
    if (target.is_all()) state_->shared_.delivery = delivery;
    return each(target, [delivery](Connection& connection) { connection.set_delivery(delivery); });
}

void ChatServer::refuse_logins(std::uint64_t count, std::string notice) {
    state_->shared_.chat.logins_to_refuse = count;
    state_->shared_.chat.login_refusal = std::move(notice);
}

void ChatServer::shut(Duration time) { state_->doors_.shut(time); }

void ChatServer::set_handshake_dribble(Dribble dribble) {
    state_->doors_.set_handshake_dribble(dribble);
}

void ChatServer::cut(std::uint64_t number) {
    const Target one{.channel = {}, .connection = number};
    each(one, [](Connection& connection) { connection.cut(); });
}

void ChatServer::cut_all() {
    each(Target(), [](Connection& connection) { connection.cut(); });
}

void ChatServer::reconnect() {
    each(Target(), [](Connection& connection) { connection.ask_to_reconnect(); });
}

asio::awaitable<void> ChatServer::say_goodbye(Duration limit) {
    state_->for_each([](Connection& connection) { connection.say_goodbye(); });
    co_await (until_connected(0) || state_->clock_.sleep(limit));
}

void ChatServer::fall_silent() { set_voice(Target(), Voice::silent); }

void ChatServer::speak_again() { set_voice(Target(), Voice::speaking); }

void ChatServer::suspend(std::string_view channel) {
    state_->shared_.chat.rules.suspended.emplace(channel);
    users().meet(channel).is_suspended = true;
    state_->expel(channel);
}

void ChatServer::restore(std::string_view channel) {
    auto& suspended = state_->shared_.chat.rules.suspended;
    const auto place = suspended.find(channel);
    if (place != suspended.end()) suspended.erase(place);
    users().meet(channel).is_suspended = false;
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

asio::awaitable<void> ChatServer::until_said(std::uint64_t count) {
    return state_->until_said(count);
}

std::uint64_t ChatServer::lines_until_stop() const {
    return state_->stop_at_ - std::min(state_->stop_at_, state_->shared_.tally.said);
}

void ChatServer::start(asio::awaitable<void> job) { state_->jobs_.start(std::move(job)); }

void ChatServer::note_fault(std::string_view name) {
    const auto place = state_->faults_.try_emplace(std::string(name), 0).first;
    ++place->second;
}

const std::map<std::string, std::uint64_t, std::less<>>& ChatServer::faults() const {
    return state_->faults_;
}

Clock& ChatServer::clock() { return state_->clock_; }

}  // namespace coven::sim
