#include "coven_testing/test_bus.hpp"

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <utility>

#include "coven/ready_socket.hpp"

namespace coven::testing {

namespace {

constexpr std::chrono::seconds start_limit{30};

}  // namespace

TestBus::TestBus(std::vector<std::string> flags) : flags_(std::move(flags)) {
    endpoints_.publish = "ipc://" + folder_.file("publish");
    endpoints_.subscribe = "ipc://" + folder_.file("subscribe");
    endpoints_.request = "ipc://" + folder_.file("request");
    start();
}

TestBus::~TestBus() = default;

void TestBus::start() {
    ReadySocket ready;
    ChildProcess::Options options;
    options.command = {COVEN_BROKER_PROGRAM,
                       "--bus.publish",
                       endpoints_.publish,
                       "--bus.subscribe",
                       endpoints_.subscribe,
                       "--bus.request",
                       endpoints_.request,
                       "--broker.data",
                       folder_.file("data"),
                       "--metrics.listen",
                       "off",
                       "--log.level",
                       "warn"};
    options.command.insert(options.command.end(), flags_.begin(), flags_.end());
    options.environment["NOTIFY_SOCKET"] = ready.path();
    auto broker = ChildProcess::start(options);
    if (broker.has_error() || ready.wait(start_limit).empty()) {
        std::cerr << "the broker did not start: "
                  << (broker.has_error() ? broker.error().message : "see above") << '\n';
        std::abort();
    }
    broker_ = std::make_unique<ChildProcess>(std::move(*broker));
}

void TestBus::kill() { broker_.reset(); }
void TestBus::freeze() { broker_->signal(SIGSTOP); }
void TestBus::thaw() { broker_->signal(SIGCONT); }

}  // namespace coven::testing
