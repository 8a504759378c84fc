#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "journal/block.hpp"
#include "journal/chunk.hpp"

namespace coven::broker {

/// What one commit is to store, found by one walk over its chunks: blocks, and the last of each
/// topic and producer. Views the chunks. For the writer's thread.
class Gathering {
  public:
    /// A block to be: its entries are some of the family's spans; none for events that are passed.
    struct Block {
        BlockHeader header;
        std::size_t bytes = block_header_bytes;
        std::size_t first_span = 0;
        std::size_t spans = 0;
    };
    struct Family {
        std::vector<Block> blocks;
        /// Bytes that lie together in a chunk.
        std::vector<std::string_view> spans;
    };
    struct Topic {
        Family* family = nullptr;
        std::string_view last_frame;
        /// Its newest state frame, or the frame that says that the state is over.
        std::string_view state_frame;
        /// It is not stored.
        bool state_passed = false;
        /// Its events delete messages.
        bool deletes = false;
    };
    struct Producer {
        std::uint64_t seq = 0;
        std::uint64_t last_us = 0;
    };

    /// The family has its own name, also when others came before it.
    void know(std::string_view family) { families_.try_emplace(std::string(family)); }
    /// Collects events that delete messages from now on.
    void collect_deletions() { collects_deletions_ = true; }
    void add(const Chunk& chunk);
    /// Forgets what the chunks said.
    void clear();

    bool empty() const { return events_ == 0 && sides_.empty() && purges_.empty(); }
    std::uint64_t events() const { return events_; }
    const std::map<std::string, Family, std::less<>>& families() const { return families_; }
    const std::unordered_map<std::string_view, Topic>& topics() const { return topics_; }
    const std::unordered_map<std::uint64_t, Producer>& producers() const { return producers_; }
    struct Side {
        Chunk::Kind kind = Chunk::Kind::put;
        SideRecord record;
    };
    const std::vector<Side>& sides() const { return sides_; }
    /// Each a StoredPurge.
    const std::vector<std::string_view>& purges() const { return purges_; }
    /// Frames of events that delete messages.
    const std::vector<std::string_view>& deletions() const { return deletions_; }
    /// The frame that came last; only when there are events.
    std::string_view last_frame() const { return last_frame_; }

  private:
    void add_event(std::string_view frame, Chunk::Kind kind);
    Topic& topic_of(std::string_view name);
    Family& family_of_topic(std::string_view topic);
    static Block& block_for(Family& family, std::string_view frame, std::size_t bytes);
    static void add_to_block(Family& family, std::string_view frame);
    static void add_to_hole(Family& family, std::string_view frame);

    std::map<std::string, Family, std::less<>> families_;
    std::unordered_map<std::string_view, Topic> topics_;
    std::unordered_map<std::uint64_t, Producer> producers_;
    std::vector<Side> sides_;
    std::vector<std::string_view> purges_;
    std::vector<std::string_view> deletions_;
    bool collects_deletions_ = false;
    std::uint64_t events_ = 0;
    std::string_view last_frame_;
    // Most events have the topic or the producer of the one before.
    std::string_view latest_topic_;
    Topic* latest_ = nullptr;
    std::uint64_t latest_producer_id_ = 0;
    Producer* latest_producer_ = nullptr;
};

}  // namespace coven::broker
