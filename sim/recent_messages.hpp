#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "chat_message.hpp"

namespace coven::sim {

/// A message that was said not long ago.
struct RecentMessage {
    std::string id;
    std::string channel;
    std::string login;
    std::string user_id;
    std::string display_name;
    std::string text;
    bool is_deleted = false;
};

/// The last messages of all channels together, so that they can be answered and deleted. Places are
/// used again: keeping one more allocates nothing.
class RecentMessages {
  public:
    static constexpr std::size_t most = 4096;

    void keep(const ChatMessage& message);
    /// nullptr = there is none of this id in the channel. Valid until the next `keep`.
    RecentMessage* find(std::string_view channel, std::string_view id);
    /// The last one of that login that was not deleted.
    RecentMessage* last_of(std::string_view channel, std::string_view login);

  private:
    /// Newest first, until `matches` holds.
    template <class Matches>
    RecentMessage* newest(Matches matches);

    std::vector<RecentMessage> messages_;
    /// Where the next one goes.
    std::size_t next_ = 0;
};

}  // namespace coven::sim
