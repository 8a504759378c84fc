// Reads sample events, sees to it that none is missing or out of order, and prints what it
// measured as one JSON object.
//
// bench-read SCHEME ADDRESS PAGE INDEX EVENTS EVENT_BYTES STAMPED
// STAMPED is yes when the events carry the moment they were sent.

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string>

#include "clock.hpp"
#include "delays.hpp"
#include "sample_event.hpp"
#include "shared_page.hpp"
#include "transport.hpp"

namespace {

using namespace bench;

[[noreturn]] void fail(const std::string& what) {
    std::cerr << "bench-read: " << what << '\n';
    std::exit(1);
}

/// The first tenth is not measured: until then buffers grow.
constexpr std::uint32_t warm_up_share = 10;

enum class Stamps { none, when_sent };

class Log {
  public:
    Log(std::uint32_t count, std::size_t event_bytes, Stamps stamps)
        : count_(count), event_bytes_(event_bytes), stamped_(stamps == Stamps::when_sent) {
        if (stamped_) delays_.reserve(count);
    }
    /// False for a probe.
    bool take(std::string_view event) {
        if (event.size() < event_bytes_) fail("an event is cut short");
        const auto mark = read_mark(event);
        if (mark.seq == probe) return false;
        if (mark.seq != read_ + 1) {
            fail("event " + std::to_string(mark.seq) + " came after " + std::to_string(read_));
        }
        ++read_;
        if (stamped_ && warm()) delays_.add(now_ns() - mark.sent_ns);
        if (read_ == count_ / warm_up_share) warm_at_ns_ = now_ns();
        return true;
    }
    std::uint32_t read() const { return read_; }
    bool complete() const { return read_ == count_; }
    void print() {
        std::cout << R"({"events":)" << count_ - count_ / warm_up_share << R"(,"begin_ns":)"
                  << warm_at_ns_ << R"(,"end_ns":)" << now_ns();
        if (stamped_) {
            std::cout << R"(,"p50_ns":)" << delays_.at(50) << R"(,"p99_ns":)"
                      << delays_.typical_at(99) << R"(,"p99_whole_ns":)" << delays_.at(99);
        }
        std::cout << "}\n";
    }

  private:
    bool warm() const { return read_ > count_ / warm_up_share; }

    std::uint32_t count_;
    std::size_t event_bytes_;
    bool stamped_;
    std::uint32_t read_ = 0;
    std::uint64_t warm_at_ns_ = 0;
    Delays delays_;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 8) fail("usage: SCHEME ADDRESS PAGE INDEX EVENTS EVENT_BYTES STAMPED");
    const auto number = [argv](int index) { return std::strtoul(argv[index], nullptr, 10); };
    SharedPage page(argv[3]);
    auto& progress = page.reader(std::min<std::size_t>(number(4), most_readers - 1));
    const auto stamps = argv[7] == std::string("yes") ? Stamps::when_sent : Stamps::none;
    Log log(static_cast<std::uint32_t>(number(5)), number(6), stamps);
    const auto receiver = make_receiver(argv[1], argv[2]);
    while (!log.complete()) {
        receiver->receive([&](std::string_view event) {
            if (!log.take(event)) progress.hears.store(1);
        });
        tell(progress, log.read());
    }
    log.print();
}
