#include "coven/metrics.hpp"

#include <chrono>
#include <list>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "process_numbers.hpp"

namespace coven {
namespace {

using boost::asio::ip::tcp;

constexpr std::chrono::seconds answer_deadline{20};

#define EXPECT_SAYS(page, words) EXPECT_PRED_FORMAT2(::testing::IsSubstring, words, page)
#define EXPECT_SAYS_NOT(page, words) EXPECT_PRED_FORMAT2(::testing::IsNotSubstring, words, page)

Config listening_at(const std::string& listen) {
    Config::Sources sources;
    sources.flags = {{"metrics.listen", listen}};
    return Config::load(common_settings(), sources).value();
}

std::string port_of(const Metrics& metrics) {
    return metrics.url().substr(metrics.url().rfind(':') + 1);
}

/// A connection to the server.
class Caller {
  public:
    explicit Caller(const Metrics& metrics) : socket_(io_) {
        const auto port = static_cast<std::uint16_t>(std::stoi(port_of(metrics)));
        socket_.connect({boost::asio::ip::address_v4::loopback(), port});
        const timeval limit{answer_deadline.count(), 0};
        setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    }
    void send(std::string_view bytes) { boost::asio::write(socket_, boost::asio::buffer(bytes)); }
    /// All until the server closes.
    std::string hear() {
        std::string text;
        boost::system::error_code end;
        boost::asio::read(socket_, boost::asio::dynamic_buffer(text), end);
        return text;
    }

  private:
    boost::asio::io_context io_;
    tcp::socket socket_;
};

std::string ask(const Metrics& metrics, const std::string& method, const std::string& path) {
    Caller caller(metrics);
    caller.send(method + " " + path + " HTTP/1.1\r\nHost: here\r\n\r\n");
    return caller.hear();
}

std::string get(const Metrics& metrics, const std::string& path) {
    return ask(metrics, "GET", path);
}

/// One that listens on any free port.
class Served {
  public:
    Served() { EXPECT_TRUE(metrics.serve(listening_at("127.0.0.1:0"), "coven-test")); }
    Metrics metrics;
};

TEST(MetricsPage, ShowsWhatWasCountedAtTheLastTurn) {
    Served served;
    std::uint64_t lines = 3;
    double waiting = 0.5;
    served.metrics.counter("coven_test_lines_total", "Lines.", [&] { return double(lines); });
    served.metrics.gauge("coven_test_waiting_seconds", "Wait.", [&] { return waiting; });
    served.metrics.turn({});
    const auto page = get(served.metrics, "/metrics");
    EXPECT_SAYS(page, "HTTP/1.1 200 OK\r\n");
    EXPECT_SAYS(page, "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n");
    EXPECT_SAYS(page,
                "# HELP coven_test_lines_total Lines.\n"
                "# TYPE coven_test_lines_total counter\n"
                "coven_test_lines_total 3\n");
    EXPECT_SAYS(page,
                "# TYPE coven_test_waiting_seconds gauge\n"
                "coven_test_waiting_seconds 0.5\n");
    lines = 5;
    EXPECT_SAYS(get(served.metrics, "/metrics"), "coven_test_lines_total 3\n");
    served.metrics.turn({});
    EXPECT_SAYS(get(served.metrics, "/metrics"), "coven_test_lines_total 5\n");
}

TEST(MetricsPage, ShowsEachLabelledSeries) {
    Served served;
    served.metrics.counters("coven_test_drops_total", "Drops.", [] {
        return std::vector<Sample>{{{{"reason", "full"}}, 1}, {{{"reason", "a\"b\\c\n"}}, 2}};
    });
    served.metrics.turn({});
    const auto page = get(served.metrics, "/metrics");
    EXPECT_SAYS(page, "coven_test_drops_total{reason=\"full\"} 1\n");
    EXPECT_SAYS(page, "coven_test_drops_total{reason=\"a\\\"b\\\\c\\n\"} 2\n");
}

TEST(MetricsPage, NeverLetsACounterGoBack) {
    Served served;
    double count = 7;
    served.metrics.counter("coven_test_total", "Count.", [&] { return count; });
    served.metrics.turn({});
    count = 2;
    served.metrics.turn({});
    EXPECT_SAYS(get(served.metrics, "/metrics"), "coven_test_total 7\n");
}

TEST(MetricsPage, TakesTheSecondFunctionOfAName) {
    Served served;
    served.metrics.gauge("coven_test", "Value.", [] { return 1; });
    served.metrics.gauge("coven_test", "Value.", [] { return 2; });
    served.metrics.turn({});
    const auto page = get(served.metrics, "/metrics");
    EXPECT_SAYS(page, "coven_test 2\n");
    EXPECT_SAYS_NOT(page, "coven_test 1\n");
}

TEST(MetricsPage, ShowsTheProcessAndTheProgram) {
    Served served;
    const auto page = get(served.metrics, "/metrics");
    EXPECT_SAYS(page, "coven_build_info{program=\"coven-test\",version=\"");
    for (const auto* name : {"process_cpu_seconds_total", "process_start_time_seconds",
                             "process_resident_memory_bytes", "process_open_fds"}) {
        EXPECT_SAYS(page, std::string("\n") + name + " ");
    }
}

TEST(MetricsPage, SaysHowLateTheLoopWas) {
    Served served;
    served.metrics.turn(std::chrono::milliseconds(250));
    EXPECT_SAYS(get(served.metrics, "/metrics"), "coven_loop_lag_seconds 0.25\n");
}

TEST(ReadyPage, SaysWhyItIsNotReady) {
    Served served;
    EXPECT_SAYS(get(served.metrics, "/readyz"), "HTTP/1.1 503 ");
    EXPECT_SAYS(get(served.metrics, "/readyz"), "\r\n\r\nstarting\n");
    served.metrics.ready();
    EXPECT_SAYS(get(served.metrics, "/readyz"), "HTTP/1.1 200 ");
    served.metrics.not_ready("DEGRADED: no Twitch");
    EXPECT_SAYS(get(served.metrics, "/readyz"), "\r\n\r\nDEGRADED: no Twitch\n");
}

TEST(LivePage, IsFineWhileTheLoopTurns) {
    Served served;
    EXPECT_SAYS(get(served.metrics, "/livez"), "HTTP/1.1 200 ");
}

/// Shows what was set last.
class SetClock final : public Clock {
  public:
    Time now() const override { return {}; }
    Instant instant() const override { return instant_; }
    boost::asio::awaitable<void> sleep_until(Instant) override { co_return; }
    void move(Duration span) { instant_ += span; }

  private:
    Instant instant_{};
};

TEST(LivePage, SaysForHowLongTheLoopHasBeenStuck) {
    SetClock clock;
    Metrics metrics(clock);
    ASSERT_TRUE(metrics.serve(listening_at("127.0.0.1:0"), "coven-test").has_value());
    metrics.ready();
    clock.move(std::chrono::seconds(12));
    for (const auto* path : {"/livez", "/readyz"}) {
        EXPECT_SAYS(get(metrics, path), "HTTP/1.1 503 ");
        EXPECT_SAYS(get(metrics, path), "\r\n\r\nthe loop has not turned for 12 s\n");
    }
    metrics.turn({});
    EXPECT_SAYS(get(metrics, "/livez"), "HTTP/1.1 200 ");
    EXPECT_SAYS(get(metrics, "/readyz"), "HTTP/1.1 200 ");
}

TEST(MetricsServer, KnowsItsPagesAlone) {
    Served served;
    for (const auto* path : {"/metric", "/metrics/", "/../etc/passwd", "/%2e%2e/", "//"}) {
        EXPECT_SAYS(get(served.metrics, path), "HTTP/1.1 404 ") << path;
    }
    EXPECT_SAYS(get(served.metrics, "/"), "/readyz");
    EXPECT_SAYS(get(served.metrics, "/metrics?debug=1"), "HTTP/1.1 200 ");
}

TEST(MetricsServer, SendsNoBodyToAHead) {
    Served served;
    const auto answer = ask(served.metrics, "HEAD", "/metrics");
    EXPECT_SAYS(answer, "HTTP/1.1 200 ");
    EXPECT_SAYS_NOT(answer, "Content-Length: 0\r\n");
    EXPECT_SAYS(answer, "\r\n\r\n");
}

TEST(MetricsServer, RefusesOtherMethods) {
    Served served;
    for (const auto* method : {"POST", "DELETE", "OPTIONS"}) {
        const auto answer = ask(served.metrics, method, "/metrics");
        EXPECT_SAYS(answer, "HTTP/1.1 405 ") << method;
        EXPECT_SAYS(answer, "Allow: GET, HEAD\r\n") << method;
    }
}

TEST(MetricsServer, LivesThroughGarbage) {
    Served served;
    const std::string too_long = "GET / HTTP/1.1\r\nX: " + std::string(100'000, 'x');
    const std::string bytes("\x16\x03\x01\x00\xff\r\n\r\n", 9);
    for (const std::string& garbage :
         {std::string("hello\r\n\r\n"), bytes, too_long, std::string("GET / HTTP/9.9\r\n\r\n")}) {
        Caller caller(served.metrics);
        caller.send(garbage.substr(0, 4096));
        if (garbage.size() > 4096) caller.send(garbage.substr(4096, 8192));
        const auto answer = caller.hear();
        EXPECT_TRUE(answer.empty() || answer.starts_with("HTTP/1.1 400 ")) << answer;
    }
    EXPECT_SAYS(get(served.metrics, "/livez"), "HTTP/1.1 200 ");
}

TEST(MetricsServer, AnswersAlthoughManyConnectionsSayNothing) {
    Served served;
    std::list<Caller> idle;
    for (int i = 0; i < 300; ++i) idle.emplace_back(served.metrics);
    for (int i = 0; i < 20; ++i) {
        EXPECT_SAYS(get(served.metrics, "/metrics"), "HTTP/1.1 200 ");
    }
}

TEST(MetricsServer, DropsWhoSaysNothing) {
    Served served;
    Caller idle(served.metrics);
    EXPECT_EQ(idle.hear(), "");
}

TEST(MetricsServer, NamesTheSettingWhenThePortIsTaken) {
    Served served;
    Metrics second;
    const auto fault = second.serve(listening_at("127.0.0.1:" + port_of(served.metrics)), "x");
    ASSERT_TRUE(fault.has_error());
    EXPECT_EQ(fault.error().message,
              "cannot listen on metrics.listen '127.0.0.1:" + port_of(served.metrics) +
                  "': Address already in use; set another port (0 = any "
                  "free one) or off");
    EXPECT_EQ(second.url(), "");
}

TEST(MetricsServer, IsOffWhenToldSo) {
    Metrics metrics;
    EXPECT_TRUE(metrics.serve(listening_at("off"), "coven-test").has_value());
    EXPECT_EQ(metrics.url(), "");
    metrics.turn({});
}

TEST(MetricsListen, IsAHostAndAPort) {
    for (const auto* good : {"off", "127.0.0.1:9464", "0.0.0.0:0", "[::1]:65535", "localhost:1"}) {
        EXPECT_FALSE(listen_fault(good)) << good;
    }
    for (const auto* bad : {"", "9464", ":9464", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                            "127.0.0.1:-1", "127.0.0.1:1x", "on"}) {
        ASSERT_TRUE(listen_fault(bad)) << bad;
        EXPECT_EQ(listen_fault(bad)->message,
                  std::string("is neither host:port, e.g. 127.0.0.1:9464, nor off: '") + bad + "'");
    }
}

TEST(ProcessNumbers, AreThoseOfThisProcess) {
    const auto numbers = read_process_numbers();
    EXPECT_GT(numbers.resident_bytes, 1e6);
    EXPECT_GT(numbers.virtual_bytes, numbers.resident_bytes);
    EXPECT_GE(numbers.threads, 1);
    EXPECT_GE(numbers.open_fds, 3);
    EXPECT_GE(numbers.max_fds, numbers.open_fds);
    EXPECT_GT(numbers.start_seconds, 1.7e9);
}

TEST(ProcessNumbers, AreFoundBehindAHostileProgramName) {
    EXPECT_EQ(after_program_name("12 (a) S 1) (b) R 5 6"), " R 5 6");
    EXPECT_EQ(after_program_name("no bracket"), "");
}

}  // namespace
}  // namespace coven
