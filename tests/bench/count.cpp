// Counts chat as a consumer with the sdk does, and prints what came as JSON: a line with the first
// message, and one when all have come, or nothing has for a while.
//
// bench-count PUBLISH SUBSCRIBE REQUEST MESSAGES
// Tells $NOTIFY_SOCKET when it hears.

#include <cstdlib>
#include <iostream>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "clock.hpp"
#include "coven/bus.hpp"
#include "coven/daemon.hpp"
#include "coven/race.hpp"

namespace {

namespace asio = boost::asio;

constexpr auto longest_silence = std::chrono::seconds(20);

class Count {
  public:
    Count(coven::Bus& bus, std::uint64_t wanted)
        : bus_(bus), wanted_(wanted), chat_(bus.subscribe("twitch.chat.>")) {}

    asio::awaitable<void> run() {
        co_await chat_.ready();
        coven::notify_ready({});
        co_await coven::race(read(), watch());
        print();
    }

  private:
    asio::awaitable<void> read() {
        while (messages_ < wanted_) {
            const auto event = co_await chat_.next();
            take(event);
        }
    }

    void take(const coven::Event& event) {
        if (event.is_missing()) ++losses_;
        if (event.topic().ends_with(".gap")) ++gaps_;
        if (!event.topic().ends_with(".message")) return;
        last_ns_ = bench::now_ns();
        if (messages_++ > 0) return;
        begin_ns_ = last_ns_;
        print();
    }

    /// Ends when nothing has come for long.
    asio::awaitable<void> watch() {
        for (std::uint64_t before = 0; messages_ == 0 || messages_ != before;) {
            before = messages_;
            co_await bus_.clock().sleep(longest_silence);
        }
    }

    void print() const {
        std::cout << R"({"messages":)" << messages_ << R"(,"losses":)" << losses_ << R"(,"gaps":)"
                  << gaps_ << R"(,"repeats":)" << chat_.duplicates() << R"(,"begin_ns":)"
                  << begin_ns_ << R"(,"end_ns":)" << last_ns_ << "}" << std::endl;
    }

    coven::Bus& bus_;
    std::uint64_t wanted_;
    coven::Subscription chat_;
    std::uint64_t messages_ = 0;
    std::uint64_t losses_ = 0;
    std::uint64_t gaps_ = 0;
    std::uint64_t begin_ns_ = 0;
    std::uint64_t last_ns_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) {
        std::cerr << "usage: bench-count PUBLISH SUBSCRIBE REQUEST MESSAGES\n";
        return 2;
    }
    asio::io_context io;
    coven::SystemClock clock;
    coven::Bus bus(io, {argv[1], argv[2], argv[3]}, clock, {});
    Count count(bus, std::strtoull(argv[4], nullptr, 10));
    asio::co_spawn(io, count.run(), [&bus](const std::exception_ptr& failure) {
        bus.close();
        if (failure) std::rethrow_exception(failure);
    });
    io.run();
}
