#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "chat_message.hpp"
#include "composer.hpp"
#include "coven/clock.hpp"

namespace coven::sim {

/// Makes up chat: who says what in which of `channels`, with everything that tags of real chat
/// carry. The same seed and the same calls give the same messages.
class Generator {
  public:
    struct Options {
        std::uint64_t seed = 1;
        std::size_t people = 2000;
    };

    Generator(std::vector<std::string> channels, Options options);

    const std::vector<std::string>& channels() const { return channels_; }
    /// Who chats.
    const std::vector<Person>& people() const { return people_; }
    /// A message for one of `among`, indices into `channels`, which must not be empty. Valid until
    /// the next call.
    const ChatMessage& next(const std::vector<std::size_t>& among, Time now);

  private:
    void write_text();
    void add_rarities();
    void maybe_reply(std::size_t channel);
    void remember(std::size_t channel);

    std::vector<std::string> channels_;
    std::mt19937_64 random_;
    std::vector<Person> people_;
    /// The last message of each channel that may be answered.
    std::vector<std::optional<Parent>> last_;
    Composer composer_;
    ChatMessage message_;
};

/// `count` made-up channel names: sim_0001, sim_0002 …
std::vector<std::string> numbered_channels(std::size_t count);

}  // namespace coven::sim
