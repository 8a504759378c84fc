#include "journal/block.hpp"

#include <cstring>
#include <string>

#include "journal/checksum.hpp"
#include "journal/chunk.hpp"

namespace coven::broker {

namespace {

/// Since 2 entries have kinds.
constexpr std::uint16_t format_version = 2;

/// As it is stored, all numbers little-endian; the checksum is of everything behind itself.
struct StoredHeader {
    std::uint32_t checksum;
    std::uint16_t version;
    FamilyId family;
    std::uint64_t bus_epoch;
    std::uint64_t first_offset;
    std::uint64_t last_offset;
    std::uint64_t first_us;
    std::uint64_t last_us;
    std::uint64_t previous_offset;
    std::uint32_t count;
    std::uint32_t entries_bytes;
};
static_assert(sizeof(StoredHeader) == block_header_bytes);

StoredHeader load_header(std::string_view stored) {
    StoredHeader header{};
    std::memcpy(&header, stored.data(), sizeof header);
    return header;
}

BlockHeader header_of(const StoredHeader& stored) {
    return {stored.family,      stored.count,    stored.bus_epoch, stored.first_offset,
            stored.last_offset, stored.first_us, stored.last_us,   stored.previous_offset};
}

const char* fault_in(const BlockKey& key, std::string_view stored) {
    if (stored.size() < block_header_bytes) return "is too short";
    const auto header = load_header(stored);
    if (header.checksum != crc32c(stored.substr(sizeof header.checksum))) {
        return "has a wrong checksum";
    }
    if (header.version > format_version) return "was written by a newer version";
    if (header.family != key.family() || header.first_offset != key.first_offset()) {
        return "belongs elsewhere";
    }
    if (header.entries_bytes != stored.size() - block_header_bytes) return "has a wrong length";
    return nullptr;
}

template <class T>
void store_big_endian(char* at, T number) {
    for (std::size_t i = sizeof number; i-- > 0; number = static_cast<T>(number >> 8)) {
        at[i] = static_cast<char>(number & 0xff);
    }
}

std::uint64_t load_big_endian(std::string_view bytes) {
    std::uint64_t number = 0;
    for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
    return number;
}

}  // namespace

BlockKey::BlockKey(FamilyId family, std::uint64_t first_offset)
    : family_(family), first_offset_(first_offset), bytes_{} {
    store_big_endian(bytes_.data(), family);
    store_big_endian(bytes_.data() + sizeof family, first_offset);
}

std::optional<BlockKey> BlockKey::read(std::string_view bytes) {
    if (bytes.size() != sizeof(FamilyId) + sizeof(std::uint64_t)) return std::nullopt;
    const auto family = static_cast<FamilyId>(load_big_endian(bytes.substr(0, sizeof(FamilyId))));
    return BlockKey(family, load_big_endian(bytes.substr(sizeof(FamilyId))));
}

std::optional<BlockEntry> FrameWalk::next() {
    if (left_.size() < entry_header_bytes) return std::nullopt;
    std::uint32_t head = 0;
    std::memcpy(&head, left_.data(), sizeof head);
    const auto length = head & ((1u << Chunk::length_bits) - 1);
    left_.remove_prefix(entry_header_bytes);
    if (length > left_.size()) {
        left_ = {};
        return std::nullopt;
    }
    const BlockEntry entry{static_cast<BlockEntry::Kind>(head >> Chunk::length_bits),
                           left_.substr(0, length)};
    left_.remove_prefix(length);
    return entry;
}

void seal_block(char* block, std::size_t bytes, const BlockHeader& header) {
    const StoredHeader stored = {0,
                                 format_version,
                                 header.family,
                                 header.bus_epoch,
                                 header.first_offset,
                                 header.last_offset,
                                 header.first_us,
                                 header.last_us,
                                 header.previous_offset,
                                 header.count,
                                 static_cast<std::uint32_t>(bytes - block_header_bytes)};
    std::memcpy(block, &stored, sizeof stored);
    const std::uint32_t checksum = crc32c({block + sizeof checksum, bytes - sizeof checksum});
    std::memcpy(block, &checksum, sizeof checksum);
}

Result<Block> read_block(const BlockKey& key, std::string_view stored) {
    if (const char* fault = fault_in(key, stored)) {
        return Error("the block of family " + std::to_string(key.family()) + " at offset " +
                     std::to_string(key.first_offset()) + ' ' + fault);
    }
    return Block{header_of(load_header(stored)), stored.substr(block_header_bytes)};
}

std::optional<BlockHeader> peek_block(const BlockKey& key, std::string_view stored) {
    if (stored.size() < block_header_bytes) return std::nullopt;
    const auto header = load_header(stored);
    const bool in_place = header.family == key.family() &&
                          header.first_offset == key.first_offset() &&
                          header.last_offset >= header.first_offset;
    if (!in_place) return std::nullopt;
    return header_of(header);
}

std::uint64_t stored_bytes(std::size_t block_bytes) {
    constexpr std::size_t page_bytes = 4096;
    constexpr std::size_t page_header_bytes = 16;
    // Longer values have pages of their own, shorter ones stand beside their keys.
    constexpr std::size_t max_inline_bytes = 2000;
    if (block_bytes <= max_inline_bytes) return block_bytes + 28;
    return (block_bytes + page_header_bytes + page_bytes - 1) / page_bytes * page_bytes;
}

}  // namespace coven::broker
