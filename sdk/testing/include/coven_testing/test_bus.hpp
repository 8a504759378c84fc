#pragma once

#include <memory>
#include <string>

#include "coven/bus.hpp"
#include "coven/child_process.hpp"
#include "coven/temp_folder.hpp"

namespace coven::testing {

/// A real broker process (`coven-broker` of this build) with its doors in a temporary folder.
/// Fails the program with the broker's own words when it does not start.
class TestBus {
  public:
    TestBus();
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
    TempFolder folder_;
    Endpoints endpoints_;
    std::unique_ptr<ChildProcess> broker_;
};

}  // namespace coven::testing
