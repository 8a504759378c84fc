#pragma once

#include <chrono>
#include <cstdint>
#include <random>

namespace coven {

/// How long to wait before the next try: the first at once, then a random pause below a ceiling
/// that doubles up to `longest` ("full jitter", so that many clients do not come back in step).
class Backoff {
  public:
    struct Limits {
        std::chrono::milliseconds first{1000};
        std::chrono::milliseconds longest{60000};
    };

    explicit Backoff(Limits limits, std::uint64_t seed = std::random_device{}());

    std::chrono::milliseconds next();
    /// To be called when things have been well for a while, not at the first sign of life.
    void reset();

  private:
    Limits limits_;
    std::chrono::milliseconds ceiling_{0};
    std::minstd_rand random_;
};

}  // namespace coven
