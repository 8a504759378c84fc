#include "web_server.hpp"

#include <array>
#include <type_traits>
#include <utility>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include "certificates.hpp"
#include "coven/log.hpp"
#include "coven/lower_case.hpp"
#include "half_frame.hpp"
#include "tcp_door.hpp"

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
using Response = http::response<http::string_body>;

auto into(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

asio::awaitable<error_code> begin_tls(Plain&, Dribble) { co_return error_code(); }

asio::awaitable<error_code> begin_tls(Tls& stream, Dribble dribble) {
    error_code error;
    stream.next_layer().set_dribble(dribble);
    co_await stream.async_handshake(asio::ssl::stream_base::server, into(error));
    stream.next_layer().set_dribble(Dribble());
    co_return error;
}

/// Clients such as tmi.js ask for the subprotocol "irc" and give up without it.
void answer_subprotocol(websocket::response_type& response, const Request& request) {
    if (request[http::field::sec_websocket_protocol] == "irc") {
        response.set(http::field::sec_websocket_protocol, "irc");
    }
}

WebRequest plain(const Request& request) {
    WebRequest all;
    all.method = std::string(request.method_string());
    set_target(all, {request.target().data(), request.target().size()});
    for (const auto& field : request) {
        const std::string_view name = field.name_string();
        all.headers.push_back({lower_case(name), std::string(field.value())});
    }
    all.body = request.body();
    return all;
}

/// RFC 9110, 6.4.1: an answer to HEAD, No Content and Not Modified end with their heads.
bool may_have_body(const Request& request, const Response& response) {
    return request.method() != http::verb::head && response.result() != http::status::no_content &&
           response.result() != http::status::not_modified;
}

Response response_of(const WebAnswer& answer, const Request& request) {
    Response response;
    response.version(request.version());
    response.result(answer.status);
    response.set(http::field::content_type, "application/json");
    for (const auto& [name, value] : answer.headers) response.set(name, value);
    response.keep_alive(request.keep_alive());
    if (may_have_body(request, response)) response.body() = answer.body;
    response.prepare_payload();
    return response;
}

/// How a request that cannot be read is answered; 0 = not at all, as nobody is there any more.
unsigned status_of(const error_code& error) {
    if (error == http::error::header_limit) return 431;
    if (error == http::error::body_limit) return 413;
    const bool has_gone =
        error == http::error::end_of_stream || error == http::error::partial_message;
    const bool is_no_http = error.category() == error_code(http::error::bad_method).category();
    return is_no_http && !has_gone ? 400 : 0;
}

/// A ServerSocket over a TCP or a TLS stream.
template <class Stream>
class SocketOver final : public ServerSocket {
  public:
    SocketOver(Clock& clock, const WebServer::Options& options, const WebServer::Service& service,
               Stream stream)
        : clock_(clock), options_(options), service_(service), stream_(std::move(stream)) {
        stream_.read_message_max(options.max_message_bytes);
        stream_.auto_fragment(false);
    }

    /// TLS, the first request and, if it asks for one, the WebSocket. What went wrong, or nothing.
    asio::awaitable<error_code> open(Dribble dribble) {
        auto error = co_await begin_tls(stream_.next_layer(), dribble);
        if (!error) error = co_await read_request();
        if (error || !wants_web_socket()) co_return error;
        if (service_.web_socket_refusal) refusal_ = service_.web_socket_refusal(request_.target());
        if (refusal_ != 0) co_return error;
        stream_.set_option(
            websocket::stream_base::decorator([this](websocket::response_type& response) {
                answer_subprotocol(response, request_);
            }));
        path_ = std::string(request_.target());
        co_await stream_.async_accept(request_, into(error));
        co_return error;
    }

    /// And gets it.
    bool wants_web_socket() const { return service_.web_socket && websocket::is_upgrade(request_); }

    /// The status it gets instead of its WebSocket; 0 = none.
    unsigned refusal() const { return refusal_; }

    /// The request that was read, and those that follow it.
    asio::awaitable<void> answer_all() {
        error_code error;
        while (!error) {
            const bool goes_on = request_.keep_alive();
            auto given = co_await service_.request(plain(request_));
            error = co_await in_time(write(response_of(given, request_)));
            if (error || !goes_on) break;
            error = co_await in_time(read_request());
        }
        co_await refuse(status_of(error));
    }

    /// Answers with `status`, 0 = not at all, and hangs up.
    asio::awaitable<void> refuse(unsigned status) {
        Request nothing;
        nothing.keep_alive(false);
        WebAnswer answer;
        answer.status = status;
        answer.headers.push_back({"Content-Type", "text/plain"});
        answer.body = "this cannot be answered\n";
        if (status != 0) co_await in_time(write(response_of(answer, nothing)));
        co_await (hang_up() || clock_.sleep(options_.close_limit));
    }

    const std::string& path() const override { return path_; }

    std::string origin() const override {
        const auto* const scheme = std::is_same_v<Stream, Tls> ? "wss://" : "ws://";
        return scheme + std::string(request_[http::field::host]);
    }

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
        const auto bytes = half_frame(text);
        co_await asio::async_write(stream_.next_layer(), asio::buffer(bytes), into(ignored));
    }

    asio::awaitable<bool> ping() override {
        error_code error;
        co_await stream_.async_ping(websocket::ping_data(), into(error));
        co_return !error;
    }

    void on_pong(std::function<void()> pong) override {
        pong_ = std::move(pong);
        stream_.control_callback([this](websocket::frame_type kind, beast::string_view) {
            if (kind == websocket::frame_type::pong) pong_();
        });
    }

    asio::awaitable<void> close(unsigned code, std::string_view reason) override {
        const websocket::close_reason why(static_cast<websocket::close_code>(code),
                                          {reason.data(), reason.size()});
        co_await (say_goodbye(why) || clock_.sleep(options_.close_limit));
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
    /// What `step` says, or that it took too long.
    asio::awaitable<error_code> in_time(asio::awaitable<error_code> step) {
        const auto first = co_await (std::move(step) || clock_.sleep(options_.idle_limit));
        co_return first.index() == 0 ? std::get<0>(first) : asio::error::timed_out;
    }

    asio::awaitable<error_code> read_request() {
        http::request_parser<http::string_body> parser;
        parser.header_limit(options_.max_head_bytes);
        parser.body_limit(options_.max_body_bytes);
        error_code error;
        co_await http::async_read(stream_.next_layer(), buffer_, parser, into(error));
        if (!error) request_ = parser.release();
        co_return error;
    }

    asio::awaitable<error_code> write(Response response) {
        error_code error;
        co_await http::async_write(stream_.next_layer(), response, into(error));
        co_return error;
    }

    /// Reads what is still coming before it closes: the reset that answers bytes to a closed
    /// socket could overtake the last answer.
    asio::awaitable<void> hang_up() {
        error_code error;
        auto& socket = beast::get_lowest_layer(stream_);
        socket.shutdown(asio::socket_base::shutdown_send, error);
        std::array<char, 4096> dropped{};
        const auto bytes = asio::buffer(dropped);
        while (!error) co_await stream_.next_layer().async_read_some(bytes, into(error));
    }

    asio::awaitable<void> say_goodbye(websocket::close_reason reason) {
        error_code ignored;
        co_await stream_.async_close(reason, into(ignored));
    }

    Clock& clock_;
    const WebServer::Options& options_;
    const WebServer::Service& service_;
    websocket::stream<Stream> stream_;
    beast::flat_buffer buffer_;
    Request request_;
    std::string path_;
    unsigned refusal_ = 0;
    std::function<void()> pong_;
};

}  // namespace

class WebServer::Listener {
  public:
    Listener(asio::io_context& io, Clock& clock, Options options)
        : options_(std::move(options)),
          clock_(clock),
          tls_(asio::ssl::context::tls_server),
          door_(io, clock),
          cut_(io.get_executor()) {}

    error_code start() {
        if (options_.tls) {
            if (const auto error = use(tls_, *options_.tls)) return error;
        }
        return door_.open(options_.bind, options_.port);
    }

    std::uint16_t port() const { return door_.port(); }
    void shut(Duration time) { door_.shut(time); }
    void cut_requests() { cut_.ring(); }
    void set_handshake_dribble(Dribble dribble) { dribble_ = dribble; }

    asio::awaitable<void> run(Service service) {
        service_ = std::move(service);
        const auto admit_one = [this](tcp::socket client) { return admit(std::move(client)); };
        co_await door_.run(admit_one);
    }

  private:
    asio::awaitable<void> admit(tcp::socket client) {
        error_code ignored;
        client.set_option(tcp::no_delay(true), ignored);
        DribbleSocket line(std::move(client), clock_);
        if (options_.tls) {
            SocketOver<Tls> socket(clock_, options_, service_, Tls(std::move(line), tls_));
            co_await greet(socket);
            co_return;
        }
        SocketOver<Plain> socket(clock_, options_, service_, std::move(line));
        co_await greet(socket);
    }

    template <class Socket>
    asio::awaitable<void> greet(Socket& socket) {
        const auto first =
            co_await (socket.open(dribble_) || clock_.sleep(options_.handshake_limit));
        if (first.index() == 1) {
            log::info("handshake_too_slow");
        } else if (const auto error = std::get<0>(first)) {
            log::info("handshake_failed", {{"reason", error.message()}});
            if (const auto status = status_of(error)) co_await socket.refuse(status);
        } else {
            co_await serve(socket);
        }
    }

    template <class Socket>
    asio::awaitable<void> serve(Socket& socket) {
        if (socket.wants_web_socket()) {
            if (socket.refusal() != 0) co_return co_await socket.refuse(socket.refusal());
            co_await service_.web_socket(socket);
        } else if (service_.request) {
            co_await (socket.answer_all() || cut_.wait());
        } else {
            co_await socket.refuse(nothing_here);
        }
    }

    /// 404: the port is for something else.
    static constexpr unsigned nothing_here = 404;

    Options options_;
    Clock& clock_;
    asio::ssl::context tls_;
    TcpDoor door_;
    Service service_;
    Dribble dribble_;
    /// Rung to drop those who are being answered.
    Bell cut_;
};

Result<std::unique_ptr<WebServer>> WebServer::listen(asio::io_context& io, Clock& clock,
                                                     Options options) {
    const auto door = options.bind + ":" + std::to_string(options.port);
    auto listener = std::make_unique<Listener>(io, clock, std::move(options));
    if (const auto error = listener->start()) {
        return Error{"cannot listen on '" + door + "': " + error.message()};
    }
    return std::unique_ptr<WebServer>(new WebServer(std::move(listener)));
}

WebServer::WebServer(std::unique_ptr<Listener> listener) : listener_(std::move(listener)) {}

WebServer::~WebServer() = default;

std::uint16_t WebServer::port() const { return listener_->port(); }

void WebServer::shut(Duration time) { listener_->shut(time); }

void WebServer::set_handshake_dribble(Dribble dribble) {
    listener_->set_handshake_dribble(dribble);
}

void WebServer::cut_requests() { listener_->cut_requests(); }

asio::awaitable<void> WebServer::run(Service service) {
    co_await listener_->run(std::move(service));
}

}  // namespace coven::sim
