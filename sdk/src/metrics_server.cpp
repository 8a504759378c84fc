#include "metrics_server.hpp"

#include <list>
#include <thread>
#include <utility>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/host_name.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
// All that Beast compiles once, for the whole program.
#include <boost/beast/src.hpp>

#include "coven/background_thread.hpp"
#include "coven/clock.hpp"

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace coven {

namespace {

/// From the connection to the last byte of the answer.
constexpr auto request_limit = std::chrono::seconds(5);
constexpr std::uint32_t max_header_bytes = 8u << 10;
/// The oldest goes when one more comes, so that idle ones cannot keep a scrape out.
constexpr std::size_t max_connections = 64;
/// After accept failed, e.g. for want of file descriptors.
constexpr auto accept_pause = std::chrono::milliseconds(100);

using Request = http::request<http::empty_body>;
using Response = http::response<http::string_body>;

Response response_to(const Request& request, const MetricsServer::Answer& answer) {
    const bool readable =
        request.method() == http::verb::get || request.method() == http::verb::head;
    const std::string_view target(request.target().data(), request.target().size());
    auto page = readable ? answer(target.substr(0, target.find('?')))
                         : MetricsServer::Page{405, "text/plain", "only GET and HEAD\n"};
    Response response;
    response.result(page.status);
    response.set(http::field::content_type, page.type);
    response.set(http::field::cache_control, "no-store");
    response.set("X-Content-Type-Options", "nosniff");
    if (!readable) response.set(http::field::allow, "GET, HEAD");
    response.keep_alive(false);
    response.content_length(page.text.size());
    if (request.method() != http::verb::head) response.body() = std::move(page.text);
    return response;
}

Response bad_request() {
    Response response(http::status::bad_request, 11);
    response.set(http::field::content_type, "text/plain");
    response.keep_alive(false);
    response.body() = "this is no HTTP request\n";
    response.prepare_payload();
    return response;
}

asio::awaitable<void> converse(tcp::socket& socket, const MetricsServer::Answer& answer) {
    boost::beast::flat_buffer buffer;
    http::request_parser<http::empty_body> parser;
    parser.header_limit(max_header_bytes);
    boost::system::error_code failure;
    auto token = asio::redirect_error(asio::use_awaitable, failure);
    co_await http::async_read_header(socket, buffer, parser, token);
    const bool wrong =
        failure && failure.category() == http::make_error_code(http::error::bad_version).category();
    if (failure && (!wrong || failure == http::error::end_of_stream)) co_return;
    auto response = wrong ? bad_request() : response_to(parser.get(), answer);
    http::response_serializer<http::string_body> serializer(response);
    co_await http::async_write(socket, serializer, token);
    socket.shutdown(tcp::socket::shutdown_send, failure);
}

}  // namespace

class MetricsServer::Work {
  public:
    explicit Work(Answer answer) : answer_(std::move(answer)) {}
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;
    ~Work() {
        if (!thread_.joinable()) return;
        asio::post(io_, [this] { end(); });
        thread_.join();
    }

    Result<void> listen(const Address& address) {
        boost::system::error_code failure;
        const auto found = tcp::resolver(io_).resolve(address.host, std::to_string(address.port),
                                                      tcp::resolver::passive, failure);
        if (failure) return Error(failure.message());
        const auto endpoint = found.begin()->endpoint();
        acceptor_.open(endpoint.protocol(), failure);
        if (!failure) acceptor_.set_option(tcp::acceptor::reuse_address(true), failure);
        if (!failure) acceptor_.bind(endpoint, failure);
        if (!failure) acceptor_.listen(asio::socket_base::max_listen_connections, failure);
        if (failure) return Error(failure.message());
        return {};
    }

    void start() {
        asio::co_spawn(
            io_, accept_all(),
            asio::bind_cancellation_slot(stop_.slot(), [](const std::exception_ptr&) {}));
        thread_ = start_background_thread([this] { io_.run(); }, Precedence::behind_the_loop);
    }

    std::string url() const {
        const auto endpoint = acceptor_.local_endpoint();
        const auto address = endpoint.address();
        auto host = address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
        if (address.is_unspecified()) host = asio::ip::host_name();
        return "http://" + host + ":" + std::to_string(endpoint.port());
    }

  private:
    struct Connection {
        explicit Connection(tcp::socket accepted) : socket(std::move(accepted)) {}

        tcp::socket socket;
        asio::cancellation_signal stop;
    };
    using Connections = std::list<Connection>;

    asio::awaitable<void> accept_all() {
        boost::system::error_code failure;
        auto token = asio::redirect_error(asio::use_awaitable, failure);
        for (;;) {
            auto socket = co_await acceptor_.async_accept(token);
            if (failure) {
                co_await clock_.sleep(accept_pause);
            } else {
                take(std::move(socket));
            }
        }
    }

    void take(tcp::socket socket) {
        if (connections_.size() >= max_connections) {
            connections_.front().stop.emit(asio::cancellation_type::terminal);
        }
        const auto place = connections_.emplace(connections_.end(), std::move(socket));
        auto job = within(clock_, request_limit, "whole request", converse(place->socket, answer_));
        asio::co_spawn(io_, std::move(job),
                       asio::bind_cancellation_slot(
                           place->stop.slot(), [this, place](const std::exception_ptr&) {
                               asio::post(io_, [this, place] { connections_.erase(place); });
                           }));
    }

    void end() {
        stop_.emit(asio::cancellation_type::terminal);
        for (auto& connection : connections_) {
            connection.stop.emit(asio::cancellation_type::terminal);
        }
    }

    Answer answer_;
    SystemClock clock_;
    asio::io_context io_{1};
    tcp::acceptor acceptor_{io_};
    asio::cancellation_signal stop_;
    Connections connections_;
    std::thread thread_;
};

MetricsServer::MetricsServer(std::unique_ptr<Work> work) : work_(std::move(work)) {}
MetricsServer::~MetricsServer() = default;

Result<std::unique_ptr<MetricsServer>> MetricsServer::start(const Address& address, Answer answer) {
    auto work = std::make_unique<Work>(std::move(answer));
    if (const auto listening = work->listen(address); !listening) return listening.error();
    work->start();
    return std::unique_ptr<MetricsServer>(new MetricsServer(std::move(work)));
}

std::string MetricsServer::url() const { return work_->url(); }

}  // namespace coven
