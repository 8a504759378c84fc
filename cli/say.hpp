#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "command_line.hpp"
#include "coven/v1/request.pb.h"

namespace coven::cli {

/// `coven say`. The exit status.
int say_in_chat(const Invocation& invocation);

/// What became of the lines of one run.
class SpeechTally {
  public:
    void add(v1::Reply::Status status) { ++counts_[status]; }
    /// Example: "3 said, 1 FAILED, 2 EXPIRED".
    std::string text() const;
    /// 0: all were said.
    int exit_status() const;

  private:
    std::map<v1::Reply::Status, std::uint64_t> counts_;
};

}  // namespace coven::cli
