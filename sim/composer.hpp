#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coven::sim {

/// A number below `bound`, which must not be 0. Unlike std's distributions the same everywhere.
std::size_t below(std::mt19937_64& random, std::size_t bound);

/// True in `percent` of all cases.
bool happens(std::mt19937_64& random, double percent);

/// Builds a text word by word and keeps where its emotes stand, in code points as Twitch counts:
/// an emoji before an emote moves it by one, not by its bytes.
class Composer {
  public:
    void clear();
    void add_word(std::string_view word);
    void add_emote(std::string_view name, std::string_view id);
    const std::string& text() const { return text_; }
    std::size_t code_points() const { return code_points_; }
    /// Example: "25:0-4,8-12/1902:14-18".
    std::string emotes() const;

  private:
    std::string text_;
    std::size_t code_points_ = 0;
    /// Emote id and its spans, written out, in the order of first use.
    std::vector<std::pair<std::string, std::string>> spans_;
};

/// Fills `composer` with something that a chat might say.
void compose(Composer& composer, std::mt19937_64& random);

}  // namespace coven::sim
