#include "control.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "coven/jobs.hpp"
#include "coven/log.hpp"
#include "coven/utf8.hpp"
#include "eventsub/trigger.hpp"
#include "script.hpp"

namespace asio = boost::asio;
namespace json = boost::json;
using asio::experimental::awaitable_operators::operator||;
using asio::ip::tcp;
using boost::system::error_code;

namespace coven::sim {
namespace {

constexpr std::size_t longest_line = 16u << 10;
constexpr std::size_t most_clients = 64;
constexpr auto idle_limit = std::chrono::minutes(10);
constexpr auto write_limit = std::chrono::seconds(10);
/// `status` names so many connections at most.
constexpr std::size_t most_named = 200;
/// `coven sim` takes an answer of 1 MB; a deed without its text is smaller than this.
constexpr std::size_t most_bytes_of_deeds = 600u << 10;
constexpr std::size_t bytes_of_a_deed = 300;
constexpr auto pause_after_failed_accept = std::chrono::milliseconds(100);

auto into(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

ControlAnswer refusal(const std::string& why) {
    const json::object answer{{"ok", false}, {"error", to_utf8(why)}};
    return {json::serialize(answer), false};
}

const char* word_of(const Connection& connection) {
    if (connection.is_half_open()) return "half-open";
    if (connection.voice() == Voice::mute) return "mute";
    return connection.voice() == Voice::silent ? "silent" : "speaking";
}

json::object row_of(const Connection& connection) {
    return {{"number", connection.number()},
            {"login", to_utf8(connection.session().login())},
            {"channels", connection.session().rooms().size()},
            {"state", word_of(connection)},
            {"waiting_bytes", connection.waiting_bytes()}};
}

json::array rows_of(ChatServer& server) {
    json::array rows;
    server.each(Target(), [&rows](const Connection& connection) {
        if (rows.size() < most_named) rows.emplace_back(row_of(connection));
    });
    return rows;
}

json::object calls_of(const ApiServer& server) {
    json::object calls;
    for (const auto& [what, count] : server.tally().calls) {
        calls.emplace(std::string(name_of(what.first)) + " " + std::to_string(what.second), count);
    }
    return calls;
}

json::array codes_of(ApiServer& server) {
    json::array codes;
    for (const auto& code : server.accounts().waiting_user_codes()) codes.emplace_back(code);
    return codes;
}

json::object eventsub_of(ApiServer& server) {
    auto& hub = server.eventsub().hub();
    const auto& tally = hub.tally();
    return {{"connections", server.eventsub().connections().size()},
            {"sessions", hub.sessions().size()},
            {"subscriptions", hub.subscriptions().all().size()},
            {"events", tally.events},
            {"notifications", tally.notifications},
            {"lost", tally.lost}};
}

json::object status(const Twitch& twitch) {
    auto& chat = twitch.chat;
    const auto& tally = chat.tally();
    json::object faults;
    for (const auto& [name, count] : chat.faults()) faults.emplace(name, count);
    return {{"ok", true},
            {"time_us", microseconds_since_epoch(chat.clock().now())},
            {"chat_url", chat.url()},
            {"id_url", twitch.api.url(ApiHost::id)},
            {"helix_url", twitch.api.url(ApiHost::helix)},
            {"eventsub_url", twitch.api.eventsub_url()},
            {"eventsub", eventsub_of(twitch.api)},
            {"connected", chat.connection_numbers().size()},
            {"joined_channels", chat.joined_channels()},
            {"said", tally.said},
            {"sent", tally.sent},
            {"received", tally.received},
            {"came", tally.connections},
            {"cut", tally.cut},
            {"faults", std::move(faults)},
            {"calls", calls_of(twitch.api)},
            {"waiting_codes", codes_of(twitch.api)},
            {"connections", rows_of(chat)}};
}

/// The newest that fit into an answer, oldest first.
json::object deeds(const Twitch& twitch, std::string_view login) {
    json::array newest;
    std::size_t bytes = 0;
    const auto& all = twitch.chat.chat().deeds.last();
    for (auto deed = all.rbegin(); deed != all.rend() && bytes < most_bytes_of_deeds; ++deed) {
        if (!login.empty() && deed->account != login) continue;
        bytes += bytes_of_a_deed + deed->text.size();
        newest.emplace_back(to_json(*deed));
    }
    std::ranges::reverse(newest);
    return {{"ok", true}, {"deeds", std::move(newest)}};
}

json::object report(const Twitch& twitch, const Done& done) {
    json::object answer{{"ok", true}, {done.unit, done.count}};
    if (!done.tokens.access.empty()) {
        answer.emplace("access_token", done.tokens.access);
        answer.emplace("refresh_token", done.tokens.refresh);
        answer.emplace("expires_in", done.tokens.expires_in.count());
    }
    answer.emplace("said", twitch.chat.tally().said);
    answer.emplace("time_us", microseconds_since_epoch(twitch.chat.clock().now()));
    return answer;
}

ControlAnswer plan(const Twitch& twitch, std::string_view text) {
    auto step = parse_step(text);
    if (!step) return refusal(step.error().message);
    twitch.chat.start(play_step(twitch, std::move(*step)));
    const Done nothing_yet;
    return {json::serialize(report(twitch, nothing_yet))};
}

tcp::endpoint endpoint_of(const ControlAddress& address, error_code& error) {
    return {asio::ip::make_address(address.host, error), address.port};
}

error_code open(tcp::acceptor& acceptor, const ControlAddress& address) {
    error_code error;
    const auto endpoint = endpoint_of(address, error);
    if (error) return error;
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(tcp::acceptor::max_listen_connections, error);
    error_code ignored;
    if (error) acceptor.close(ignored);
    return error;
}

}  // namespace

Result<ControlAddress> parse_control_address(const std::string& text) {
    const auto colon = text.rfind(':');
    ControlAddress address;
    if (colon != std::string::npos) {
        address.host = text.substr(0, colon);
        const bool bracketed = address.host.starts_with('[') && address.host.ends_with(']');
        if (bracketed) address.host = address.host.substr(1, address.host.size() - 2);
        const auto* const end = text.data() + text.size();
        const auto read = std::from_chars(text.data() + colon + 1, end, address.port);
        error_code error;
        endpoint_of(address, error);
        if (!error && read.ec == std::errc() && read.ptr == end) return address;
    }
    return Error{"is no address and port, such as 127.0.0.1:5559: '" + text + "'"};
}

ControlAnswer answer_control(const Twitch& twitch, std::string_view line) {
    auto rest = line;
    const auto first = next_word(rest);
    if (first == "status") return {json::serialize(status(twitch))};
    if (first == "deeds") return {json::serialize(deeds(twitch, next_word(rest)))};
    if (first == "help") {
        const auto text = next_word(rest) == "trigger" ? eventsub::trigger_help() : verb_help();
        const json::object help{{"ok", true}, {"help", text}};
        return {json::serialize(help)};
    }
    if (first == "plan") return plan(twitch, rest);
    const auto command = parse_command(line);
    if (!command) return refusal(command.error().message);
    if (command->waits()) return refusal("'" + std::string(first) + "' is for scripts");
    return {json::serialize(report(twitch, carry_out(twitch, *command)))};
}

class ControlPort::Listener {
  public:
    Listener(asio::io_context& io, const Twitch& twitch)
        : twitch_(twitch), acceptor_(io), jobs_(io.get_executor()), cancelled_(io.get_executor()) {}

    error_code start(ControlAddress address, IfTaken if_taken) {
        const auto error = open(acceptor_, address);
        const bool other = error && address.port != 0 && if_taken == IfTaken::take_another;
        if (!other) return error;
        address.port = 0;
        return open(acceptor_, address);
    }

    std::string address() const {
        error_code ignored;
        const auto endpoint = acceptor_.local_endpoint(ignored);
        const auto host = endpoint.address().to_string(ignored);
        const auto port = std::to_string(endpoint.port());
        return endpoint.address().is_v6() ? "[" + host + "]:" + port : host + ":" + port;
    }

    asio::awaitable<void> run() {
        co_await asio::this_coro::throw_if_cancelled(false);
        co_await (accept_all() || cancelled_.wait());
        co_await jobs_.finish();
    }

  private:
    asio::awaitable<void> accept_all() {
        for (;;) {
            tcp::socket client(acceptor_.get_executor());
            error_code error;
            co_await acceptor_.async_accept(client, into(error));
            if (error == asio::error::operation_aborted) co_return;
            if (error) {
                co_await twitch_.chat.clock().sleep(pause_after_failed_accept);
            } else if (clients_ < most_clients) {
                ++clients_;
                jobs_.start(serve(std::move(client)));
            }
        }
    }

    asio::awaitable<void> serve(tcp::socket client) {
        std::string received;
        for (bool goes_on = true; goes_on;) {
            goes_on = co_await receive(client, received);
            if (!goes_on) break;
            const auto end = received.find('\n');
            auto line = received.substr(0, end);
            received.erase(0, end + 1);
            if (line.ends_with('\r')) line.pop_back();
            goes_on = co_await answer(client, std::move(line));
        }
        --clients_;
    }

    /// False when no whole line came.
    asio::awaitable<bool> receive(tcp::socket& client, std::string& received) {
        error_code error;
        auto buffer = asio::dynamic_buffer(received, longest_line);
        auto line = asio::async_read_until(client, buffer, '\n', into(error));
        const auto first = co_await (std::move(line) || twitch_.chat.clock().sleep(idle_limit));
        co_return first.index() == 0 && !error;
    }

    /// False when there is nothing more to say.
    asio::awaitable<bool> answer(tcp::socket& client, std::string line) {
        const auto answer = answer_control(twitch_, line);
        const auto text = answer.json + "\n";
        error_code error;
        auto written = asio::async_write(client, asio::buffer(text), into(error));
        const auto first = co_await (std::move(written) || twitch_.chat.clock().sleep(write_limit));
        co_return first.index() == 0 && !error && answer.understood;
    }

    Twitch twitch_;
    tcp::acceptor acceptor_;
    std::size_t clients_ = 0;
    Jobs jobs_;
    /// Never rung: its wait ends when `run` is cancelled.
    Bell cancelled_;
};

Result<std::unique_ptr<ControlPort>> ControlPort::listen(asio::io_context& io, const Twitch& twitch,
                                                         const ControlAddress& address,
                                                         IfTaken if_taken) {
    auto listener = std::make_unique<Listener>(io, twitch);
    if (const auto error = listener->start(address, if_taken)) {
        return Error{"cannot listen on '" + address.host + ":" + std::to_string(address.port) +
                     "' for control: " + error.message()};
    }
    return std::unique_ptr<ControlPort>(new ControlPort(std::move(listener)));
}

ControlPort::ControlPort(std::unique_ptr<Listener> listener) : listener_(std::move(listener)) {}

ControlPort::~ControlPort() = default;

std::string ControlPort::address() const { return listener_->address(); }

asio::awaitable<void> ControlPort::run() { co_await listener_->run(); }

}  // namespace coven::sim
