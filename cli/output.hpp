#pragma once

#include <string>
#include <string_view>

namespace coven::cli {

/// Lines to a file descriptor, each handed on at once. Not for several threads.
class Output {
  public:
    enum class Outcome {
        written,
        /// Nobody reads any more, as after `| head -1`: the moment to end without a word.
        reader_gone,
        /// A signal came while the reader was slow; the loop should look at it.
        interrupted,
        /// The disk is full, …
        failed,
    };

    explicit Output(int descriptor) : descriptor_(descriptor) {}

    /// Adds the line's end. Blocks while the reader is slow. Needs SIGPIPE to be ignored.
    Outcome line(std::string_view text);
    /// Why it failed.
    std::string reason() const;

  private:
    int descriptor_;
    int fault_ = 0;
    std::string bytes_;
};

}  // namespace coven::cli
