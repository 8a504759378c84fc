#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "coven/event.hpp"

namespace coven {

class RecentIds;

/// For a reader of several channels that may share a chat: of the copies that such channels get of
/// one message, or of one notice, it lets one pass.
///
/// That is the original where its own channel is followed, that is to say where a message or notice
/// of that channel came within the last 60 s; should Twitch lose the original, then that channel's
/// SourceGap tells. Else it is the copy that comes first. Times are those of the events
/// (`received_us`), so the past is read like the present. A message is remembered for 60 s.
///
///     coven::OneCopy one_copy;
///     for (const auto& event : bus.subscribe("twitch.chat.>")) {
///         if (one_copy.wants(event)) …
///     }
class OneCopy {
  public:
    OneCopy();
    OneCopy(OneCopy&&) noexcept;
    OneCopy& operator=(OneCopy&&) noexcept;
    ~OneCopy();

    /// False for what is to be passed over. To be asked once for each event of a subscription, in
    /// their order.
    bool wants(const Event& event);
    /// Events that were passed over.
    std::uint64_t passed_over() const { return passed_over_; }

  private:
    bool hears(const std::string& channel_id, std::uint64_t now_us) const;

    /// By channel id, when a message or notice came last.
    std::map<std::string, std::uint64_t> heard_us_;
    std::unique_ptr<RecentIds> delivered_;
    std::uint64_t passed_over_ = 0;
};

}  // namespace coven
