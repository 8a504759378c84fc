#include "ready.hpp"

#include <gtest/gtest.h>

#include "coven/child_process.hpp"
#include "coven/metrics.hpp"

namespace coven::cli {
namespace {

constexpr std::chrono::seconds end_deadline{20};

/// The exit status of `coven ready WORDS`.
int status_of(std::vector<std::string> words, std::map<std::string, std::string> environment = {}) {
    ChildProcess::Options options;
    words.insert(words.begin(), {program_folder() + "/coven", "ready"});
    options.command = std::move(words);
    options.environment = std::move(environment);
    return ChildProcess::start(options).value().wait(end_deadline).value_or(-1);
}

class CovenReady : public ::testing::Test {
  protected:
    CovenReady() {
        Config::Sources sources;
        sources.flags = {{"metrics.listen", "127.0.0.1:0"}};
        const auto config = Config::load(common_settings(), sources).value();
        EXPECT_TRUE(metrics_.serve(config, "coven-test").has_value());
    }
    Metrics metrics_;
};

TEST_F(CovenReady, IsTrueForAProgramThatIsReady) {
    metrics_.ready();
    EXPECT_EQ(status_of({metrics_.url()}), 0);
    EXPECT_EQ(status_of({metrics_.url() + "/readyz"}), 0);
    EXPECT_EQ(status_of({metrics_.url(), "--wait", "10s"}), 0);
}

TEST_F(CovenReady, IsFalseForOneThatIsNot) {
    EXPECT_EQ(status_of({metrics_.url()}), 1);
    EXPECT_EQ(status_of({metrics_.url(), "--wait", "100ms"}), 27);
}

TEST_F(CovenReady, AsksTheNeighbourByItself) {
    metrics_.ready();
    const auto listen = metrics_.url().substr(std::string("http://").size());
    EXPECT_EQ(status_of({}, {{"COVEN_METRICS_LISTEN", listen}}), 0);
}

TEST(CovenReadyAlone, SaysThatNobodyAnswers) { EXPECT_EQ(status_of({"http://127.0.0.1:1"}), 1); }

TEST(CovenReadyAlone, RefusesWhatIsNoAddress) { EXPECT_EQ(status_of({"127.0.0.1:9464"}), 2); }

TEST(ReadyAddressOf, TakesHostAndPort) {
    EXPECT_EQ(ready_address("http://127.0.0.1:9464")->host, "127.0.0.1");
    EXPECT_EQ(ready_address("http://[::1]:80/readyz")->host, "::1");
    EXPECT_EQ(ready_address("http://chat:80/readyz")->port, "80");
    for (const auto* wrong : {"", "chat:80", "https://chat:80", "http://chat", "http://:80",
                              "http://chat:", "http://chat:x", "http://chat:123456",
                              "http://a b:80", "http://me@chat:80", "http://a\r\nX:80"}) {
        EXPECT_TRUE(ready_address(wrong).has_error()) << wrong;
    }
}

TEST(UrlOfNeighbour, IsWhereItListens) {
    EXPECT_EQ(url_of_neighbour("0.0.0.0:9464"), "http://127.0.0.1:9464");
    EXPECT_EQ(url_of_neighbour("[::]:9000"), "http://[::1]:9000");
    EXPECT_EQ(url_of_neighbour("10.0.0.7:80"), "http://10.0.0.7:80");
    EXPECT_EQ(url_of_neighbour("127.0.0.1:0"), "http://127.0.0.1:9464");
    EXPECT_EQ(url_of_neighbour("off"), "http://127.0.0.1:9464");
}

TEST(ReadAnswer, TakesTheStatusAndTheFirstLine) {
    const auto good = read_answer("HTTP/1.1 200 OK\r\nA: b\r\n\r\nready\n");
    EXPECT_TRUE(good->ready);
    EXPECT_EQ(good->reason, "ready");
    const auto bad = read_answer("HTTP/1.1 503 Service Unavailable\r\n\r\nSTARTING: 200 \nmore");
    EXPECT_FALSE(bad->ready);
    EXPECT_EQ(bad->reason, "STARTING: 200 ");
    EXPECT_FALSE(read_answer("HTTP/1.1 20\r\n\r\n")->ready);
    for (const auto* wrong : {"", "HTTP/1.1 200 OK", "SSH-2.0\r\n\r\n", "HTTP/2 200\r\n\r\n"}) {
        EXPECT_TRUE(read_answer(wrong).has_error()) << wrong;
    }
}

}  // namespace
}  // namespace coven::cli
