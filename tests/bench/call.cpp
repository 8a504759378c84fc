// A command and its answer, one after the other: how long that takes.
//
// bench-call answer coven|bare ADDRESS         answers until it is killed; tells $NOTIFY_SOCKET
// bench-call ask coven|bare ADDRESS CALLS      prints the times as one JSON object
//
// "bare" is bench-bare's echo: the same sockets, and nobody looks at what goes through.

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "call_partner.hpp"
#include "clock.hpp"
#include "coven/daemon.hpp"

namespace {

using namespace bench;

/// The first tenth is not measured.
constexpr std::size_t warm_up_share = 10;

void print(std::vector<std::uint64_t> times) {
    times.erase(times.begin(), times.begin() + static_cast<long>(times.size() / warm_up_share));
    std::sort(times.begin(), times.end());
    const auto at = [&](std::size_t percent) { return times[(times.size() - 1) * percent / 100]; };
    std::cout << R"({"p50_ns":)" << at(50) << R"(,"p99_ns":)" << at(99) << "}\n";
}

void ask(Partner& partner, std::size_t calls) {
    std::vector<std::uint64_t> times;
    times.reserve(calls);
    for (std::size_t i = 0; i < calls; ++i) {
        const auto begin = now_ns();
        partner.call();
        times.push_back(now_ns() - begin);
    }
    print(std::move(times));
}

[[noreturn]] void answer(Partner& partner) {
    partner.register_here();
    coven::notify_ready({});
    for (;;) partner.answer();
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() < 3) {
        std::cerr << "usage: bench-call answer|ask coven|bare ADDRESS [CALLS]\n";
        return 2;
    }
    const auto partner = make_partner(words[1], words[2]);
    if (words[0] == "answer") answer(*partner);
    ask(*partner, words.size() > 3 ? std::stoul(words[3]) : 10'000);
    return 0;
}
