#pragma once

#include <chrono>
#include <map>
#include <string>

#include "coven/temp_folder.hpp"

namespace coven {

/// The parent's end of systemd's notify protocol: give `path()` to a child as $NOTIFY_SOCKET and
/// wait for its READY=1.
class ReadySocket {
  public:
    ReadySocket();
    ReadySocket(const ReadySocket&) = delete;
    ReadySocket& operator=(const ReadySocket&) = delete;
    ~ReadySocket();

    const std::string& path() const { return path_; }
    /// Readable when something has come; for those who wait in a loop. Stays ours.
    int descriptor() const { return descriptor_; }
    /// The fields that came with READY=1; empty when it did not come within `limit`.
    std::map<std::string, std::string> wait(std::chrono::milliseconds limit);

  private:
    TempFolder folder_;
    std::string path_;
    int descriptor_ = -1;
};

}  // namespace coven
