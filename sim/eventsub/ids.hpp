#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

namespace coven::sim::eventsub {

/// Ids out of nowhere; same seed, same ids.
class Ids {
  public:
    explicit Ids(std::uint64_t seed) : random_(seed) {}

    /// Example: "96a3f3b5-5dec-4eed-908e-e11ee657416c".
    std::string uuid();
    /// Example: "AgoQILE98gtqShGmLD7AM6yJThIGY2VsbC1j".
    std::string session();
    /// Letters, digits, '-' and '_'.
    std::string text(std::size_t size);
    /// Below `end`.
    std::uint64_t number(std::uint64_t end) { return random_() % end; }

  private:
    std::mt19937_64 random_;
};

}  // namespace coven::sim::eventsub
