#include "journal/chunk.hpp"

#include <cstring>

namespace coven::broker {

char* Chunk::add(Kind kind, std::size_t length) {
    const auto head =
        static_cast<std::uint32_t>(kind) << length_bits | static_cast<std::uint32_t>(length);
    char* at = bytes.get() + used;
    std::memcpy(at, &head, sizeof head);
    used += sizeof head + length;
    return at + sizeof head;
}

void Chunk::clear() {
    used = 0;
    events = 0;
    ticket = 0;
}

ChunkWalk::Entry ChunkWalk::next() {
    std::uint32_t head = 0;
    std::memcpy(&head, left_.data(), sizeof head);
    const auto length = head & ((1u << Chunk::length_bits) - 1);
    const Entry entry{static_cast<Chunk::Kind>(head >> Chunk::length_bits),
                      left_.substr(sizeof head, length)};
    left_.remove_prefix(sizeof head + length);
    return entry;
}

std::size_t side_record_bytes(const SideRecord& record) {
    return 2 + record.key.size() + record.value.size();
}

void write_side_record(char* at, const SideRecord& record) {
    at[0] = static_cast<char>(record.table);
    at[1] = static_cast<char>(record.key.size());
    std::memcpy(at + 2, record.key.data(), record.key.size());
    if (record.value.empty()) return;
    std::memcpy(at + 2 + record.key.size(), record.value.data(), record.value.size());
}

SideRecord read_side_record(std::string_view bytes) {
    const auto key_bytes = static_cast<unsigned char>(bytes[1]);
    return {static_cast<unsigned char>(bytes[0]), bytes.substr(2, key_bytes),
            bytes.substr(2 + std::size_t{key_bytes})};
}

}  // namespace coven::broker
