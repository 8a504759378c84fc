#pragma once

#include <string>

#include "addresses.hpp"
#include "command_line.hpp"
#include "supervisor.hpp"

namespace coven::cli {

/// The programs of a demo, ready to be started. They take nothing from the configuration of whoever
/// starts them, so that a demo is the same everywhere.
class DemoPrograms {
  public:
    /// The programs lie in `folder`; the broker keeps what it has in `data`.
    DemoPrograms(const Invocation& invocation, Addresses addresses, std::string folder,
                 std::string data);

    Program sim() const;
    Program broker() const;
    /// `chat_url` is what the sim said when it was ready.
    Program chat(const std::string& chat_url) const;

  private:
    Program program(const std::string& kind) const;

    Addresses addresses_;
    std::string folder_;
    std::string data_;
    std::string channels_;
    std::string rate_;
    std::string log_level_;
};

}  // namespace coven::cli
