#include "journal/burial.hpp"

#include <cstring>

#include "journal/chunk.hpp"
#include "journal/tail_view.hpp"

namespace coven::broker {

namespace {

void add(std::string& block, BlockEntry::Kind kind, std::string_view start, std::string_view end) {
    const auto length = static_cast<std::uint32_t>(start.size() + end.size());
    const auto head = static_cast<std::uint32_t>(kind) << Chunk::length_bits | length;
    block.append(reinterpret_cast<const char*>(&head), sizeof head);
    block.append(start);
    block.append(end);
}

void add_tombstone(std::string& block, std::string_view frame) {
    const auto topic_and_nul = frame.substr(0, topic_in(frame).size() + 1);
    add(block, BlockEntry::Kind::purged, topic_and_nul, frame.substr(frame.size() - tail_bytes));
}

}  // namespace

Burial bury(const Block& block, const std::function<bool(std::string_view frame)>& is_condemned) {
    Burial burial;
    burial.block.assign(block_header_bytes, '\0');
    FrameWalk walk(block.entries);
    while (const auto entry = walk.next()) {
        if (entry->kind != BlockEntry::Kind::event || !is_condemned(entry->frame)) {
            add(burial.block, entry->kind, entry->frame, {});
            continue;
        }
        add_tombstone(burial.block, entry->frame);
        burial.last_offset = TailView(entry->frame).offset();
        if (burial.events++ == 0) burial.first_offset = burial.last_offset;
    }
    if (burial.events == 0) return {};
    auto header = block.header;
    header.count -= static_cast<std::uint32_t>(burial.events);
    seal_block(burial.block.data(), burial.block.size(), header);
    return burial;
}

}  // namespace coven::broker
