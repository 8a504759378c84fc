#include "network_check.hpp"

#include <ctime>
#include <exception>
#include <optional>
#include <utility>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include "coven/http.hpp"
#include "coven/result_of.hpp"
#include "coven/web_socket.hpp"

namespace asio = boost::asio;

namespace coven::cli {

namespace {

using Level = Finding::Level;

constexpr std::chrono::seconds reach_limit{10};
/// Tokens' life times and event times are off by as much.
constexpr std::chrono::seconds tolerable_skew{30};

Finding unreachable(const Endpoint& endpoint, const std::string& reason) {
    return {endpoint.needed ? Level::broken : Level::attention, "network", endpoint.key, reason,
            "look at the address, the name server, a firewall or proxy, and twitch.ca_file"};
}

std::optional<Finding> clock_finding(Time theirs, Time ours, const std::string& url) {
    const auto skew = std::chrono::duration_cast<std::chrono::seconds>(ours - theirs);
    if (skew <= tolerable_skew && skew >= -tolerable_skew) {
        return Finding{Level::fine, "clock", "", "agrees with that of " + url};
    }
    const auto text =
        fmt::format("this machine's clock is {} s {} that of {}", std::abs(skew.count()),
                    skew.count() > 0 ? "ahead of" : "behind", url);
    return Finding{Level::attention, "clock", "", text, "set it, best by NTP"};
}

class Check {
  public:
    Check(Clock& clock, HttpClient& http, std::string ca_file)
        : clock_(clock), http_(http), ca_file_(std::move(ca_file)) {}

    /// Of `endpoints` from `first` on.
    asio::awaitable<void> run(const std::vector<Endpoint>& endpoints, std::size_t first) {
        using asio::experimental::awaitable_operators::operator&&;
        if (first == endpoints.size()) co_return;
        co_await (reach(endpoints.at(first)) && run(endpoints, first + 1));
    }
    std::vector<Finding> take() {
        if (clock_finding_) findings_.push_back(std::move(*clock_finding_));
        return std::move(findings_);
    }

  private:
    asio::awaitable<void> reach(const Endpoint& endpoint) {
        auto work =
            endpoint.url.starts_with("ws") ? reach_socket(endpoint.url) : reach_http(endpoint.url);
        const auto reached = co_await result_of(std::move(work));
        if (reached.has_error()) {
            findings_.push_back(unreachable(endpoint, reached.error().message));
            co_return;
        }
        findings_.push_back({Level::fine, "network", endpoint.key, "reached " + endpoint.url});
    }

    asio::awaitable<void> reach_socket(std::string url) {
        WebSocket::Options options;
        options.ca_file = ca_file_;
        options.connect_limit = reach_limit;
        const auto socket = co_await WebSocket::connect(clock_, std::move(url), options);
        co_await socket->close();
    }

    /// Whatever it answers: it is there.
    asio::awaitable<void> reach_http(std::string url) {
        HttpRequest request;
        request.url = url;
        request.limit = reach_limit;
        const auto response = co_await http_.send(std::move(request));
        const auto date = response.header("date");
        const auto theirs = date ? parse_http_date(std::string(*date)) : std::nullopt;
        if (theirs && !clock_finding_) clock_finding_ = clock_finding(*theirs, clock_.now(), url);
    }

    Clock& clock_;
    HttpClient& http_;
    std::string ca_file_;
    std::vector<Finding> findings_;
    std::optional<Finding> clock_finding_;
};

}  // namespace

std::optional<Time> parse_http_date(const std::string& text) {
    std::tm parts{};
    // The names of days and months are English whatever the locale: nobody sets one here.
    const char* end = ::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    if (end == nullptr || *end != '\0') return std::nullopt;
    return Time(std::chrono::seconds(::timegm(&parts)));
}

asio::awaitable<std::vector<Finding>> check_network(Clock& clock, std::vector<Endpoint> endpoints,
                                                    std::string ca_file) {
    HttpClient::Options options;
    options.ca_file = ca_file;
    HttpClient http(co_await asio::this_coro::executor, clock, options);
    Check check(clock, http, std::move(ca_file));
    co_await check.run(endpoints, 0);
    co_return check.take();
}

}  // namespace coven::cli
