#pragma once

#include <string>
#include <vector>

#include "coven/clock.hpp"
#include "coven/result.hpp"

namespace chat {

/// When each account's latest lines were written, on this machine's disk: what another life of this
/// program, or a sibling of it here, has to know so as not to exceed Twitch's limit. One file for
/// each account; it survives a kill, not a power cut, which takes longer than the limit's window.
class SendDiary {
  public:
    /// Makes the folder if it is not there.
    static coven::Result<SendDiary> open(const std::string& folder);

    /// To be called before a line is written. `forget_before`: what is older need not be kept.
    coven::Result<void> note(const std::string& account, coven::Time now,
                             coven::Time forget_before);
    /// Those that were noted later than `since`.
    coven::Result<std::vector<coven::Time>> read(const std::string& account,
                                                 coven::Time since) const;

  private:
    explicit SendDiary(std::string folder) : folder_(std::move(folder)) {}
    std::string path_of(const std::string& account) const { return folder_ + "/" + account; }
    coven::Result<void> shorten(const std::string& account, coven::Time forget_before);

    std::string folder_;
};

}  // namespace chat
