#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

namespace bench {

inline constexpr std::size_t most_readers = 8;

/// How far the readers are, in memory that the publisher and they share: it carries no events, so
/// the window costs every system under test the same. All zero at the start.
struct ReaderProgress {
    /// Events read so far. The publisher sleeps on it when the window is full.
    alignas(64) std::atomic<std::uint32_t> read = 0;
    /// What `read` must reach before the publisher wants to be woken; 0 = it does not sleep.
    std::atomic<std::uint32_t> wanted = 0;
    /// It heard a probe: its subscription stands.
    std::atomic<std::uint32_t> hears = 0;
};

/// A file in memory. Publisher and readers are given its path; it must exist and may be empty.
class SharedPage {
  public:
    explicit SharedPage(const std::string& path);
    SharedPage(const SharedPage&) = delete;
    SharedPage& operator=(const SharedPage&) = delete;
    ~SharedPage();

    ReaderProgress& reader(std::size_t index) { return (*readers_)[index]; }

  private:
    using Readers = std::array<ReaderProgress, most_readers>;
    Readers* readers_ = nullptr;
};

/// Says that `read` events were read by now, and wakes the publisher if it waits for that.
void tell(ReaderProgress& reader, std::uint32_t read);
/// Sleeps until the reader has read `wanted` events. False: it did not come to that in 20 s.
bool wait_for(ReaderProgress& reader, std::uint32_t wanted);

}  // namespace bench
