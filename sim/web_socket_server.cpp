#include "web_socket_server.hpp"

#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include "coven/log.hpp"
#include "jobs.hpp"

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using asio::experimental::awaitable_operators::operator||;
using boost::system::error_code;

namespace coven::sim {

// Beast asks the layers how they end; ours ends as the TCP socket below it does.
template <class Handler>
void async_teardown(beast::role_type role, DribbleSocket& line, Handler&& handler) {
    websocket::async_teardown(role, line.next_layer(), std::forward<Handler>(handler));
}

void teardown(beast::role_type role, DribbleSocket& line, error_code& error) {
    websocket::teardown(role, line.next_layer(), error);
}

namespace {

using Plain = DribbleSocket;
using Tls = asio::ssl::stream<DribbleSocket>;
using Request = http::request<http::string_body>;

/// Such as "too many open files", which passes.
constexpr auto pause_after_failed_accept = std::chrono::milliseconds(100);

auto into(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

asio::awaitable<error_code> begin_tls(Plain&, Dribble) { co_return error_code(); }

asio::awaitable<error_code> begin_tls(Tls& stream, Dribble dribble) {
    error_code error;
    stream.next_layer().set_dribble(dribble);
    co_await stream.async_handshake(asio::ssl::stream_base::server, into(error));
    stream.next_layer().set_dribble(Dribble());
    co_return error;
}

/// The beginning of an unmasked text frame of `size` bytes (RFC 6455, 5.2).
std::string frame_header(std::size_t size) {
    constexpr std::size_t longest_short = 125;
    std::string header("\x81");
    constexpr std::size_t longest_medium = 65535;
    if (size <= longest_short) return header + static_cast<char>(size);
    header += size <= longest_medium ? '\x7e' : '\x7f';
    const int first = size <= longest_medium ? 8 : 56;
    for (int shift = first; shift >= 0; shift -= 8) header += static_cast<char>(size >> shift);
    return header;
}

/// Clients such as tmi.js ask for the subprotocol "irc" and give up without it.
void answer_subprotocol(websocket::response_type& response, const Request& request) {
    if (request[http::field::sec_websocket_protocol] == "irc") {
        response.set(http::field::sec_websocket_protocol, "irc");
    }
}

/// A ServerSocket over a TCP or a TLS stream.
template <class Stream>
class SocketOver final : public ServerSocket {
  public:
    SocketOver(Clock& clock, const WebSocketServer::Options& options, Stream stream)
        : clock_(clock), options_(options), stream_(std::move(stream)) {
        stream_.read_message_max(options.max_message_bytes);
        stream_.auto_fragment(false);
    }

    /// Makes a WebSocket of the stream. What went wrong, or nothing.
    asio::awaitable<error_code> open(Dribble dribble) {
        auto error = co_await begin_tls(stream_.next_layer(), dribble);
        if (error) co_return error;
        co_await http::async_read(stream_.next_layer(), buffer_, request_, into(error));
        if (error) co_return error;
        buffer_.clear();
        if (!websocket::is_upgrade(request_)) co_return co_await refuse();
        stream_.set_option(
            websocket::stream_base::decorator([this](websocket::response_type& response) {
                answer_subprotocol(response, request_);
            }));
        path_ = std::string(request_.target());
        co_await stream_.async_accept(request_, into(error));
        co_return error;
    }

    const std::string& path() const override { return path_; }

    asio::awaitable<std::optional<std::string_view>> read() override {
        buffer_.clear();
        error_code error;
        co_await stream_.async_read(buffer_, into(error));
        if (error) co_return std::nullopt;
        const auto bytes = buffer_.cdata();
        co_return std::string_view(static_cast<const char*>(bytes.data()), bytes.size());
    }

    asio::awaitable<bool> write(std::string_view bytes, Kind kind) override {
        error_code error;
        stream_.text(kind == Kind::text);
        co_await stream_.async_write(asio::buffer(bytes.data(), bytes.size()), into(error));
        co_return !error;
    }

    asio::awaitable<bool> write_fragments(std::string_view text, std::size_t size) override {
        error_code error;
        stream_.text(true);
        while (!text.empty() && !error) {
            const auto piece = text.substr(0, size);
            text.remove_prefix(piece.size());
            const bool is_last = text.empty();
            const auto bytes = asio::buffer(piece.data(), piece.size());
            co_await stream_.async_write_some(is_last, bytes, into(error));
        }
        co_return !error;
    }

    asio::awaitable<void> write_half_frame(std::string_view text) override {
        error_code ignored;
        auto bytes = frame_header(text.size());
        bytes.append(text.substr(0, text.size() / 2));
        co_await asio::async_write(stream_.next_layer(), asio::buffer(bytes), into(ignored));
    }

    asio::awaitable<void> close() override {
        co_await (say_goodbye() || clock_.sleep(options_.close_limit));
        cut();
    }

    void cut() override {
        error_code ignored;
        beast::get_lowest_layer(stream_).close(ignored);
    }

    void reset() override {
        error_code ignored;
        beast::get_lowest_layer(stream_).set_option(asio::socket_base::linger(true, 0), ignored);
        cut();
    }

  private:
    asio::awaitable<error_code> refuse() {
        http::response<http::string_body> response(http::status::not_found, request_.version());
        response.body() = "nothing here but WebSockets\n";
        response.keep_alive(false);
        response.prepare_payload();
        error_code error;
        co_await http::async_write(stream_.next_layer(), response, into(error));
        co_return websocket::error::no_connection_upgrade;
    }

    asio::awaitable<void> say_goodbye() {
        error_code ignored;
        co_await stream_.async_close(websocket::close_code::normal, into(ignored));
    }

    Clock& clock_;
    const WebSocketServer::Options& options_;
    websocket::stream<Stream> stream_;
    beast::flat_buffer buffer_;
    Request request_;
    std::string path_;
};

error_code use(asio::ssl::context& context, const Credentials& credentials) {
    error_code error;
    const auto& [certificate, key] = credentials;
    context.use_certificate_chain(asio::buffer(certificate), error);
    if (error) return error;
    context.use_private_key(asio::buffer(key), asio::ssl::context::pem, error);
    return error;
}

error_code open(tcp::acceptor& acceptor, const WebSocketServer::Options& options) {
    error_code error;
    const auto address = asio::ip::make_address(options.bind, error);
    if (error) return error;
    const tcp::endpoint endpoint(address, options.port);
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(tcp::acceptor::max_listen_connections, error);
    return error;
}

}  // namespace

class WebSocketServer::Listener {
  public:
    Listener(asio::io_context& io, Clock& clock, Options options)
        : options_(std::move(options)),
          clock_(clock),
          tls_(asio::ssl::context::tls_server),
          acceptor_(io),
          jobs_(io.get_executor()),
          cancelled_(io.get_executor()) {}

    error_code start() {
        if (options_.tls) {
            if (const auto error = use(tls_, *options_.tls)) return error;
        }
        if (const auto error = open(acceptor_, options_)) return error;
        error_code error;
        // The same one again when it opens after it was shut.
        options_.port = acceptor_.local_endpoint(error).port();
        return error;
    }

    std::uint16_t port() const { return options_.port; }

    void shut(Duration time) {
        opens_at_ = clock_.instant() + time;
        error_code ignored;
        acceptor_.close(ignored);
    }

    void set_handshake_dribble(Dribble dribble) { dribble_ = dribble; }

    asio::awaitable<void> run(Serve serve) {
        co_await asio::this_coro::throw_if_cancelled(false);
        co_await (accept_all(serve) || cancelled_.wait());
        co_await jobs_.finish();
    }

  private:
    asio::awaitable<void> accept_all(const Serve& serve) {
        for (;;) {
            tcp::socket client(acceptor_.get_executor());
            error_code error;
            co_await acceptor_.async_accept(client, into(error));
            if (!acceptor_.is_open()) {
                co_await reopen();
                continue;
            }
            if (error == asio::error::operation_aborted) co_return;
            if (!error) {
                jobs_.start(admit(std::move(client), serve));
                continue;
            }
            log::warn("accept_failed", {{"reason", error.message()}});
            co_await clock_.sleep(pause_after_failed_accept);
        }
    }

    asio::awaitable<void> reopen() {
        while (clock_.instant() < opens_at_) co_await clock_.sleep_until(opens_at_);
        while (const auto error = open(acceptor_, options_)) {
            log::warn("not_open_again", {{"port", options_.port}, {"reason", error.message()}});
            error_code ignored;
            acceptor_.close(ignored);
            co_await clock_.sleep(pause_after_failed_accept);
        }
    }

    asio::awaitable<void> admit(tcp::socket client, const Serve& serve) {
        error_code ignored;
        client.set_option(tcp::no_delay(true), ignored);
        DribbleSocket line(std::move(client), clock_);
        if (options_.tls) {
            SocketOver<Tls> socket(clock_, options_, Tls(std::move(line), tls_));
            co_await greet(socket, serve);
            co_return;
        }
        SocketOver<Plain> socket(clock_, options_, std::move(line));
        co_await greet(socket, serve);
    }

    template <class Socket>
    asio::awaitable<void> greet(Socket& socket, const Serve& serve) {
        const auto first =
            co_await (socket.open(dribble_) || clock_.sleep(options_.handshake_limit));
        if (first.index() == 1) {
            log::info("handshake_too_slow");
        } else if (const auto error = std::get<0>(first)) {
            log::info("handshake_failed", {{"reason", error.message()}});
        } else {
            co_await serve(socket);
        }
    }

    Options options_;
    Clock& clock_;
    asio::ssl::context tls_;
    tcp::acceptor acceptor_;
    /// While it is shut.
    Instant opens_at_;
    Dribble dribble_;
    Jobs jobs_;
    /// Never rung: its wait ends when `run` is cancelled.
    Bell cancelled_;
};

Result<std::unique_ptr<WebSocketServer>> WebSocketServer::listen(asio::io_context& io, Clock& clock,
                                                                 Options options) {
    const auto door = options.bind + ":" + std::to_string(options.port);
    auto listener = std::make_unique<Listener>(io, clock, std::move(options));
    if (const auto error = listener->start()) {
        return Error{"cannot listen on '" + door + "': " + error.message()};
    }
    return std::unique_ptr<WebSocketServer>(new WebSocketServer(std::move(listener)));
}

WebSocketServer::WebSocketServer(std::unique_ptr<Listener> listener)
    : listener_(std::move(listener)) {}

WebSocketServer::~WebSocketServer() = default;

std::uint16_t WebSocketServer::port() const { return listener_->port(); }

void WebSocketServer::shut(Duration time) { listener_->shut(time); }

void WebSocketServer::set_handshake_dribble(Dribble dribble) {
    listener_->set_handshake_dribble(dribble);
}

asio::awaitable<void> WebSocketServer::run(Serve serve) {
    co_await listener_->run(std::move(serve));
}

}  // namespace coven::sim
