#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "topic_table.hpp"

namespace coven::broker {

/// Which topics went quiet: each is named once 1 s and once 10 s after its last event, at most
/// 0.1 s late. A wheel of tenths of a second; a topic stands in it at most once for each of the
/// two, however busy it is, and is looked at again when its time comes.
class QuietTopics {
  public:
    /// `topic` had an event at `topic.heard`. It must live as long as this.
    void heard(TopicEntry& topic);
    /// Calls `announce(topic)` for what is due at `now`, looking at no more than `most` entries;
    /// the rest is left for the next call.
    template <class Announce>
    void run(Instant now, std::size_t most, Announce announce);
    bool empty() const { return waiting_ == 0; }
    /// When to call `run` again; meaningful unless empty.
    Instant next_run() const {
        return working_.empty() ? Instant((cursor_ + 1) * slot) : Instant{};
    }

  private:
    enum class Stage : std::uint8_t { first, second };
    struct Entry {
        TopicEntry* topic;
        Stage stage;
    };
    static constexpr auto slot = std::chrono::milliseconds(100);
    /// More than 10 s, so that an entry is never put where it would come too early in vain.
    static constexpr std::size_t slots = 128;

    static Duration silence_of(Stage stage) {
        return stage == Stage::first ? std::chrono::seconds(1) : std::chrono::seconds(10);
    }
    static bool& flag_of(const Entry& entry) {
        return entry.stage == Stage::first ? entry.topic->awaits_first : entry.topic->awaits_second;
    }
    void put(Entry entry);
    /// Its topic, if it is due; else puts it back for later.
    TopicEntry* settle(Entry entry, Instant now);
    /// False when nothing more is due at `now`.
    bool fetch(Instant now);

    std::array<std::vector<Entry>, slots> wheel_;
    /// Taken out of the slot at `cursor_`, so that what is put there meanwhile waits a turn.
    std::vector<Entry> working_;
    std::int64_t cursor_ = 0;
    std::size_t waiting_ = 0;
};

template <class Announce>
void QuietTopics::run(Instant now, std::size_t most, Announce announce) {
    while (most > 0 && fetch(now)) {
        const auto entry = working_.back();
        working_.pop_back();
        --waiting_;
        --most;
        if (const TopicEntry* topic = settle(entry, now)) announce(*topic);
    }
}

}  // namespace coven::broker
