#pragma once

#include <memory>
#include <string>
#include <vector>

#include "coven/bus.hpp"
#include "coven/child_process.hpp"
#include "coven/temp_folder.hpp"

namespace coven::testing {

/// A real broker process (`coven-broker` of this build) with its doors in a temporary folder.
/// Fails the program with the broker's own words when it does not start.
class TestBus {
  public:
    /// `flags` are more flags of the broker.
    explicit TestBus(std::vector<std::string> flags = {});
    ~TestBus();

    /// ipc:// doors, the same after a restart.
    const Endpoints& endpoints() const { return endpoints_; }
    /// kill -9, nothing is started.
    void kill();
    /// Starts the broker again on the same doors and data; returns when it is ready.
    void start();
    /// SIGSTOP and SIGCONT.
    void freeze();
    void thaw();

  private:
    const std::vector<std::string> flags_;
    TempFolder folder_;
    Endpoints endpoints_;
    std::unique_ptr<ChildProcess> broker_;
};

}  // namespace coven::testing
