#include "journal/gathering.hpp"

#include "journal/deletion.hpp"
#include "journal/families.hpp"
#include "journal/tail_view.hpp"

namespace coven::broker {

void Gathering::add(const Chunk& chunk) {
    ChunkWalk walk(chunk);
    while (!walk.at_end()) {
        const auto entry = walk.next();
        if (entry.kind == Chunk::Kind::event || entry.kind == Chunk::Kind::passed) {
            add_event(entry.bytes, entry.kind);
        } else if (entry.kind == Chunk::Kind::purge) {
            purges_.push_back(entry.bytes);
        } else {
            sides_.push_back({entry.kind, read_side_record(entry.bytes)});
        }
    }
}

void Gathering::add_event(std::string_view frame, Chunk::Kind kind) {
    const TailView tail(frame);
    ++events_;
    last_frame_ = frame;
    auto& topic = topic_of(topic_in(frame));
    topic.last_frame = frame;
    const bool passed = kind == Chunk::Kind::passed;
    if (topic.deletes && !passed) deletions_.push_back(frame);
    if ((tail.flags() & (state_flag | state_over_flag)) != 0) {
        topic.state_frame = frame;
        topic.state_passed = passed;
    }
    passed ? add_to_hole(*topic.family, frame) : add_to_block(*topic.family, frame);
    const auto id = tail.producer_id();
    if (id == 0) return;
    if (id != latest_producer_id_) {
        latest_producer_id_ = id;
        latest_producer_ = &producers_[id];
    }
    *latest_producer_ = {tail.producer_seq(), tail.ingest_us()};
}

Gathering::Topic& Gathering::topic_of(std::string_view name) {
    if (latest_ != nullptr && name == latest_topic_) return *latest_;
    const auto [found, fresh] = topics_.try_emplace(name);
    if (fresh) {
        found->second.family = &family_of_topic(name);
        found->second.deletes = collects_deletions_ && deletes_messages(name);
    }
    latest_topic_ = name;
    latest_ = &found->second;
    return *latest_;
}

Gathering::Family& Gathering::family_of_topic(std::string_view topic) {
    const auto name = family_of(topic);
    const auto found = families_.find(name);
    if (found != families_.end()) return found->second;
    const bool full = families_.size() >= max_families;
    return families_[std::string(full ? other_topics : name)];
}

/// The block that has room for `bytes` more, or of none when there are to be none.
Gathering::Block& Gathering::block_for(Family& family, std::string_view frame, std::size_t bytes) {
    const TailView tail(frame);
    const bool usable = !family.blocks.empty() && (family.blocks.back().spans > 0) == (bytes > 0) &&
                        family.blocks.back().bytes + bytes <= max_block_bytes &&
                        family.blocks.back().header.bus_epoch == tail.bus_epoch();
    if (!usable) {
        auto& block = family.blocks.emplace_back();
        block.first_span = family.spans.size();
        block.header.bus_epoch = tail.bus_epoch();
        block.header.first_offset = tail.offset();
        block.header.first_us = tail.ingest_us();
    }
    auto& block = family.blocks.back();
    block.header.last_offset = tail.offset();
    block.header.last_us = tail.ingest_us();
    block.bytes += bytes;
    return block;
}

void Gathering::add_to_hole(Family& family, std::string_view frame) { block_for(family, frame, 0); }

void Gathering::add_to_block(Family& family, std::string_view frame) {
    const auto entry_bytes = entry_header_bytes + frame.size();
    auto& block = block_for(family, frame, entry_bytes);
    ++block.header.count;
    const char* begin = frame.data() - entry_header_bytes;
    if (block.spans > 0) {
        auto& last = family.spans.back();
        if (last.data() + last.size() == begin) {
            last = {last.data(), last.size() + entry_bytes};
            return;
        }
    }
    family.spans.emplace_back(begin, entry_bytes);
    ++block.spans;
}

void Gathering::clear() {
    for (auto& [name, family] : families_) {
        family.blocks.clear();
        family.spans.clear();
    }
    topics_.clear();
    producers_.clear();
    sides_.clear();
    purges_.clear();
    deletions_.clear();
    events_ = 0;
    latest_ = nullptr;
    latest_producer_id_ = 0;
}

}  // namespace coven::broker
