#pragma once

#include <string>
#include <string_view>

#include "irc_line.hpp"

namespace chat {

/// Makes the pieces of a line fit to be published: escapes resolved, bytes that are no UTF-8
/// replaced by U+FFFD. What it returns views the line where nothing had to change, else memory that
/// the next call uses again.
class CleanText {
  public:
    /// Looks at the whole line once; then its pieces need no look of their own.
    void begin(std::string_view line);
    std::string_view operator()(std::string_view piece);
    std::string_view operator()(const IrcTag& tag) { return (*this)(unescape(tag, unescaped_)); }

  private:
    bool valid_ = false;
    std::string unescaped_;
    std::string replaced_;
};

}  // namespace chat
