#pragma once

#include <cstdint>
#include <optional>

#include "moment.hpp"

namespace coven::broker {

/// How far the kernel is with what was written to one connection.
struct LinkNumbers {
    bool tcp = false;
    /// Bytes that the other machine, or program, has taken since the start. Only with tcp.
    std::uint64_t taken = 0;
    /// What it has not taken yet, in the kernel's own count; 0 = everything is through.
    std::uint64_t waiting = 0;
};

/// Nothing when `descriptor` is closed meanwhile.
std::optional<LinkNumbers> link_numbers(int descriptor);

/// How the kernel sends what is written to a connection.
enum class Writes {
    /// Each write by itself: the least delay.
    at_once,
    /// Writes that do not fill a segment wait for the ones behind them, until the other side has
    /// confirmed what is under way (Nagle's algorithm).
    gathered,
};

/// Does nothing when `descriptor` is closed meanwhile. What was held back goes out with `at_once`.
void set_writes(int descriptor, Writes writes);

/// Judges one reader's connection by the numbers that it is shown again and again.
///
/// libzmq writes at most 8 KiB at once and sends each write by itself; its batch size cannot be set
/// in Debian's library. A reader that takes more than 32 MB/s costs far fewer system calls and
/// wake-ups when its writes are gathered: 1.4 times the rate with four readers of 1 KiB events.
/// At that rate a segment fills within 4 ms; a reader of less would wait up to 40 ms for nothing.
class Link {
  public:
    explicit Link(const LinkNumbers& first, Instant now) : last_(first), looked_at_(now) {}

    void look(const LinkNumbers& numbers, Instant now);
    /// What suits its rate.
    Writes writes() const { return writes_; }
    /// It has taken nothing for 20 s although something waits for it.
    bool stuck() const;

  private:
    bool moved(const LinkNumbers& numbers) const;

    LinkNumbers last_;
    Instant looked_at_;
    Duration still_{0};
    Writes writes_ = Writes::at_once;
};

}  // namespace coven::broker
