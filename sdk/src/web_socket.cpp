#include "coven/web_socket.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include "coven/daemon.hpp"
#include "web_socket_url.hpp"

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using boost::system::error_code;

namespace coven {

namespace {

constexpr auto close_limit = std::chrono::seconds(2);

/// Being cancelled is the caller's doing and passes as it is; all else is the link's end.
void check(const error_code& failure, const std::string& what) {
    if (!failure) return;
    if (failure == asio::error::operation_aborted) throw boost::system::system_error(failure);
    throw LinkLost(what + ": " + failure.message());
}

/// The same for one direction of an open connection: when the other one has failed first, Beast
/// says operation_aborted, though nobody was cancelled.
void check(const error_code& failure, const char* what, const asio::cancellation_state& caller) {
    const bool cancelled = caller.cancelled() != asio::cancellation_type::none;
    if (failure == asio::error::operation_aborted && !cancelled) throw LinkLost(what);
    check(failure, what);
}

asio::ssl::context trusting(const std::string& ca_file) {
    asio::ssl::context context(asio::ssl::context::tls_client);
    error_code failure;
    if (ca_file.empty()) {
        context.set_default_verify_paths(failure);
    } else {
        context.load_verify_file(ca_file, failure);
    }
    if (failure) throw LinkLost("cannot read certificates '" + ca_file + "': " + failure.message());
    context.set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
    context.set_verify_mode(asio::ssl::verify_peer);
    return context;
}

}  // namespace

/// One connection, plain or TLS.
class WebSocket::Stream {
  public:
    Stream() = default;
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    virtual ~Stream() = default;

    virtual asio::awaitable<void> open(const WebSocketUrl& url) = 0;
    virtual asio::awaitable<std::string_view> read() = 0;
    virtual asio::awaitable<void> write(std::string text) = 0;
    virtual asio::awaitable<void> close() = 0;

    /// What `open` is doing, for the message when it takes too long.
    const char* step() const { return step_; }

  protected:
    const char* step_ = "name look-up";
};

namespace {

/// Without an executor of any kind and without Beast's timers and rates, which we do not use and
/// which every read would pay for.
using Plain = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;
using Tls = beast::ssl_stream<Plain>;

/// Asio's resolver (1.81) cannot be interrupted: whoever no longer waits leaves it behind.
struct LookUp {
    explicit LookUp(const asio::any_io_executor& executor)
        : resolver(executor), done(executor, asio::steady_timer::time_point::max()) {}

    asio::ip::tcp::resolver resolver;
    asio::ip::tcp::resolver::results_type addresses;
    error_code failure;
    bool ended = false;
    asio::steady_timer done;
};

asio::awaitable<std::shared_ptr<LookUp>> look_up(asio::any_io_executor executor,
                                                 const WebSocketUrl& url) {
    const auto search = std::make_shared<LookUp>(executor);
    const auto keep = [search](const error_code& failure, const auto& addresses) {
        search->failure = failure;
        search->addresses = addresses;
        search->ended = true;
        search->done.cancel();
    };
    search->resolver.async_resolve(url.host, url.port, keep);
    while (!search->ended) {
        error_code woken;
        auto token = asio::redirect_error(asio::use_awaitable, woken);
        co_await search->done.async_wait(token);
    }
    co_return search;
}

asio::awaitable<void> connect_tcp(Plain& socket, const WebSocketUrl& url) {
    const auto search = co_await look_up(socket.get_executor(), url);
    check(search->failure, "name look-up of '" + url.host + "' failed");
    error_code failure;
    auto token = asio::redirect_error(asio::use_awaitable, failure);
    const auto& addresses = search->addresses;
    co_await asio::async_connect(socket, addresses, token);
    check(failure, "cannot connect to " + url.host + " port " + url.port);
    socket.set_option(asio::ip::tcp::no_delay(true), failure);
}

asio::awaitable<void> secure(Plain&, const WebSocketUrl&) { co_return; }

/// OpenSSL checks the name itself and says that it is the name that does not fit, which a callback
/// of Asio's cannot. A server is not told an address that it was reached by (RFC 6066, 3).
void expect_name(SSL* tls, const std::string& host) {
    if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), host.c_str()) == 1) return;
    SSL_set1_host(tls, host.c_str());
    SSL_set_tlsext_host_name(tls, host.c_str());
}

asio::awaitable<void> secure(Tls& stream, const WebSocketUrl& url) {
    expect_name(stream.native_handle(), url.host);
    error_code failure;
    auto token = asio::redirect_error(asio::use_awaitable, failure);
    co_await stream.async_handshake(asio::ssl::stream_base::client, token);
    const auto verdict = SSL_get_verify_result(stream.native_handle());
    if (failure && verdict != X509_V_OK) {
        throw LinkLost("the certificate of " + url.host +
                       " is not trusted: " + X509_verify_cert_error_string(verdict));
    }
    check(failure, "TLS handshake failed");
}

template <class Layer>
class Link final : public WebSocket::Stream {
  public:
    template <class... Arguments>
    Link(std::size_t max_message_bytes, Arguments&&... arguments)
        : socket_(std::forward<Arguments>(arguments)...) {
        socket_.read_message_max(max_message_bytes);
        // Beast's own timers know only the machine's clock; ours are in `within`.
        const auto none = websocket::stream_base::none();
        socket_.set_option(websocket::stream_base::timeout{none, none, false});
        socket_.set_option(websocket::stream_base::decorator([](websocket::request_type& request) {
            request.set(beast::http::field::user_agent, "coven/" + version());
        }));
    }

    asio::awaitable<void> open(const WebSocketUrl& url) override {
        step_ = "name look-up or TCP connection";
        co_await connect_tcp(beast::get_lowest_layer(socket_), url);
        step_ = "TLS handshake";
        co_await secure(socket_.next_layer(), url);
        step_ = "WebSocket upgrade";
        error_code failure;
        websocket::response_type response;
        auto token = asio::redirect_error(asio::use_awaitable, failure);
        co_await socket_.async_handshake(response, url.host_header, url.target, token);
        if (failure == websocket::error::upgrade_declined) {
            throw LinkLost("the server answered HTTP " + std::to_string(response.result_int()) +
                           " instead of opening a WebSocket");
        }
        check(failure, "WebSocket upgrade failed");
    }

    asio::awaitable<std::string_view> read() override {
        received_.consume(received_.size());
        error_code failure;
        auto token = asio::redirect_error(asio::use_awaitable, failure);
        co_await socket_.async_read(received_, token);
        if (failure == websocket::error::closed) throw LinkLost(reason_of_close());
        const auto caller = co_await asio::this_coro::cancellation_state;
        check(failure, "the other side is gone", caller);
        const auto bytes = received_.cdata();
        co_return std::string_view(static_cast<const char*>(bytes.data()), bytes.size());
    }

    asio::awaitable<void> write(std::string text) override {
        error_code failure;
        auto token = asio::redirect_error(asio::use_awaitable, failure);
        socket_.text(true);
        co_await socket_.async_write(asio::buffer(text), token);
        const auto caller = co_await asio::this_coro::cancellation_state;
        check(failure, "the other side takes nothing", caller);
    }

    asio::awaitable<void> close() override {
        error_code ignored;
        auto token = asio::redirect_error(asio::use_awaitable, ignored);
        co_await socket_.async_close(websocket::close_code::normal, token);
    }

  private:
    std::string reason_of_close() const {
        const auto& reason = socket_.reason();
        std::string text = "closed by the server, code " + std::to_string(reason.code);
        if (!reason.reason.empty()) text += ": " + std::string(reason.reason.c_str());
        return text;
    }

    websocket::stream<Layer> socket_;
    beast::flat_buffer received_;
};

/// The TLS context must outlive the stream made from it.
class TlsLink final : public WebSocket::Stream {
  public:
    TlsLink(const asio::io_context::executor_type& executor, const WebSocket::Options& options)
        : context_(trusting(options.ca_file)),
          link_(options.max_message_bytes, executor, context_) {}

    asio::awaitable<void> open(const WebSocketUrl& url) override { return link_.open(url); }
    asio::awaitable<std::string_view> read() override { return link_.read(); }
    asio::awaitable<void> write(std::string text) override { return link_.write(std::move(text)); }
    asio::awaitable<void> close() override { return link_.close(); }

  private:
    asio::ssl::context context_;
    Link<Tls> link_;
};

}  // namespace

WebSocket::WebSocket(std::unique_ptr<Stream> stream, Clock& clock, Options options)
    : stream_(std::move(stream)), clock_(&clock), options_(std::move(options)) {}

WebSocket::~WebSocket() = default;

std::optional<Error> WebSocket::url_fault(const std::string& url) {
    const auto parsed = parse_web_socket_url(url);
    if (parsed.has_error()) return parsed.error();
    return std::nullopt;
}

asio::awaitable<std::unique_ptr<WebSocket>> WebSocket::connect(Clock& clock, std::string url,
                                                               Options options) {
    const auto parsed = parse_web_socket_url(url);
    if (parsed.has_error()) throw LinkLost(parsed.error().message);
    const auto any_executor = co_await asio::this_coro::executor;
    const auto& executor = *any_executor.target<asio::io_context::executor_type>();
    std::unique_ptr<Stream> stream;
    if (parsed->secure) {
        stream = std::make_unique<TlsLink>(executor, options);
    } else {
        stream = std::make_unique<Link<Plain>>(options.max_message_bytes, executor);
    }
    std::string reason;
    try {
        co_await within(clock, options.connect_limit, "answer", stream->open(*parsed));
    } catch (const LinkLost& lost) {
        reason = lost.what();
    } catch (const TimedOut& late) {
        reason = std::string(late.what()) + " (" + stream->step() + ")";
    }
    if (!reason.empty()) throw LinkLost("cannot reach " + url + ": " + reason);
    co_return std::unique_ptr<WebSocket>(
        new WebSocket(std::move(stream), clock, std::move(options)));
}

asio::awaitable<std::string_view> WebSocket::read() { return stream_->read(); }

asio::awaitable<void> WebSocket::write(std::string text) {
    const auto limit = options_.write_limit;
    return within(*clock_, limit, "room to send", stream_->write(std::move(text)));
}

asio::awaitable<void> WebSocket::close() {
    co_await race(stream_->close(), clock_->sleep(close_limit));
}

}  // namespace coven
