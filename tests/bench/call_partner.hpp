#pragma once

#include <memory>
#include <string>

namespace bench {

/// One side of calls through a system under test. Ends the program when something fails.
class Partner {
  public:
    virtual ~Partner() = default;
    /// Sends a command and waits for what came of it.
    virtual void call() = 0;

    /// Answers commands from now on.
    virtual void register_here() = 0;
    /// Waits for a command and answers it, or for a second.
    virtual void answer() = 0;
};

/// `scheme` is "coven" or "bare".
std::unique_ptr<Partner> make_partner(const std::string& scheme, const std::string& address);

}  // namespace bench
