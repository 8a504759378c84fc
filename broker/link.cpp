#include "link.hpp"

#include <algorithm>

#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace coven::broker {

namespace {

using namespace std::chrono_literals;

/// G8: who has not read for this long is cut off.
constexpr auto patience = 20s;
/// No single look counts for more: whoever stopped the broker, or the machine, cuts nobody off.
constexpr Duration longest_step = 1s;

// Apart, so that a rate in between does not switch all the time.
constexpr double gather_bytes_per_second = 32e6;
constexpr double single_bytes_per_second = 16e6;

}  // namespace

std::optional<LinkNumbers> link_numbers(int descriptor) {
    int waiting = 0;
    if (ioctl(descriptor, SIOCOUTQ, &waiting) != 0) return std::nullopt;
    LinkNumbers numbers;
    numbers.waiting = static_cast<std::uint64_t>(std::max(waiting, 0));
    tcp_info info{};
    socklen_t size = sizeof info;
    numbers.tcp = getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &size) == 0;
    if (numbers.tcp) numbers.taken = info.tcpi_bytes_acked;
    return numbers;
}

void set_writes(int descriptor, Writes writes) {
    const int no_delay = writes == Writes::at_once ? 1 : 0;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &no_delay, sizeof no_delay);
}

bool Link::moved(const LinkNumbers& numbers) const {
    if (numbers.waiting == 0) return true;
    // Without tcp nobody counts what was taken, but what waits changes with it: libzmq writes more
    // only when there is room for many writes (unix_writable in net/unix/af_unix.c of Linux 6.1,
    // read 2026-11-22), so it does not stand still while the other side reads.
    return numbers.tcp ? numbers.taken != last_.taken : numbers.waiting != last_.waiting;
}

void Link::look(const LinkNumbers& numbers, Instant now) {
    const auto passed = now - looked_at_;
    still_ = moved(numbers) ? Duration(0) : still_ + std::min(passed, longest_step);
    if (numbers.tcp && passed > Duration(0)) {
        const std::chrono::duration<double> seconds = passed;
        const auto rate = static_cast<double>(numbers.taken - last_.taken) / seconds.count();
        if (rate >= gather_bytes_per_second) writes_ = Writes::gathered;
        if (rate < single_bytes_per_second) writes_ = Writes::at_once;
    }
    last_ = numbers;
    looked_at_ = now;
}

bool Link::stuck() const { return still_ >= patience; }

}  // namespace coven::broker
