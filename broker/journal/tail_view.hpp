#pragma once

#include <cstdint>
#include <string_view>

#include "frame.hpp"
#include "wire_reader.hpp"

namespace coven::broker {

inline constexpr std::uint64_t state_flag = 1u << 0;
inline constexpr std::uint64_t state_over_flag = 1u << 4;

/// The tail of a frame that ends with one, each field at its fixed place. Views the frame.
class TailView {
  public:
    explicit TailView(std::string_view frame) : at_(frame.data() + frame.size() - tail_bytes) {}

    std::uint64_t producer_id() const { return field(0); }
    std::uint64_t producer_seq() const { return field(1); }
    std::uint64_t flags() const { return field(2); }
    std::uint64_t bus_epoch() const { return field(3); }
    std::uint64_t offset() const { return field(4); }
    std::uint64_t topic_seq() const { return field(5); }
    std::uint64_t ingest_us() const { return field(7); }

  private:
    std::uint64_t field(std::size_t number) const { return load_fixed64(at_ + 10 * number + 2); }

    const char* at_;
};

inline std::string_view topic_in(std::string_view frame) {
    return frame.substr(0, frame.find('\0'));
}

}  // namespace coven::broker
