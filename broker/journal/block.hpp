#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "coven/result.hpp"

namespace coven::broker {

/// Number of a family in this journal.
using FamilyId = std::uint16_t;

/// Most bytes of a block that holds more than one event: what fits into 15 of LMDB's pages.
inline constexpr std::size_t max_block_bytes = 15 * 4096 - 16;
inline constexpr std::size_t block_header_bytes = 64;
/// In front of each frame in a block: its kind and length.
inline constexpr std::size_t entry_header_bytes = 4;

/// What a block says of its events, which are of one family and one epoch.
struct BlockHeader {
    FamilyId family = 0;
    /// Without those that were forgotten. A block without any entry stands for events that were
    /// not to be stored.
    std::uint32_t count = 0;
    std::uint64_t bus_epoch = 0;
    std::uint64_t first_offset = 0;
    std::uint64_t last_offset = 0;
    std::uint64_t first_us = 0;
    std::uint64_t last_us = 0;
    /// Last offset of the family's block before; 0 = this is its first. So a block that cannot be
    /// found any more is missed by the next one.
    std::uint64_t previous_offset = 0;
};

/// Where a block stands: by family, then by its first offset.
class BlockKey {
  public:
    BlockKey(FamilyId family, std::uint64_t first_offset);
    /// Nullopt: not a block's key.
    static std::optional<BlockKey> read(std::string_view bytes);

    FamilyId family() const { return family_; }
    std::uint64_t first_offset() const { return first_offset_; }
    std::string_view bytes() const { return {bytes_.data(), bytes_.size()}; }

  private:
    FamilyId family_;
    std::uint64_t first_offset_;
    std::array<char, 10> bytes_;
};

/// What a block holds for one event: four bytes, the kind in the upper ones as in a Chunk and the
/// length below, and that many bytes of a frame.
struct BlockEntry {
    enum class Kind : std::uint32_t {
        event = 0,
        /// The event was forgotten: of its frame the topic and the tail are left.
        purged = 1,
    };
    Kind kind = Kind::event;
    std::string_view frame;
};

/// Walks the entries of a block or a part of one.
class FrameWalk {
  public:
    explicit FrameWalk(std::string_view entries = {}) : left_(entries) {}

    /// Nullopt at the end, and where a length leads beyond it.
    std::optional<BlockEntry> next();

  private:
    std::string_view left_;
};

/// A block whose checksum is right. Views the stored bytes.
struct Block {
    BlockHeader header;
    std::string_view entries;
};

/// Completes a block of `bytes` bytes whose entries are in place behind the header.
void seal_block(char* block, std::size_t bytes, const BlockHeader& header);
/// The block that stands under `key`; the error names it and says what is wrong with it.
Result<Block> read_block(const BlockKey& key, std::string_view stored);
/// The header alone, unchecked but for its place; for deciding what may go.
std::optional<BlockHeader> peek_block(const BlockKey& key, std::string_view stored);

/// About what a block of this size takes of the file.
std::uint64_t stored_bytes(std::size_t block_bytes);

}  // namespace coven::broker
