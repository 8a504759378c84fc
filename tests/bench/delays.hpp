#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bench {

/// How long events took, in nanoseconds, in the order they came.
class Delays {
  public:
    /// Events of one window: a tenth of a second at 10 000 a second.
    static constexpr std::size_t window = 1000;

    void reserve(std::size_t count) { delays_.reserve(count); }
    void add(std::uint64_t nanoseconds) { delays_.push_back(nanoseconds); }
    /// Over all of them; 0 when there are none.
    std::uint64_t at(std::size_t percent) const;
    /// The median of the windows' own: what holds most of the time. A machine that stands still for
    /// 30 ms once spoils one window here, and all of `at(99)`.
    std::uint64_t typical_at(std::size_t percent) const;

  private:
    std::vector<std::uint64_t> delays_;
};

}  // namespace bench
