#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace coven::broker {

/// A buffer that the loop fills with events and side records, in order, and the writer empties. One
/// of them holds it at a time.
///
/// An entry is four bytes, the kind in the upper three bits and the length below, and that many
/// bytes more. So an event stands in it just as it does in a block.
struct Chunk {
    enum class Kind : std::uint32_t {
        event = 0,
        put = 1,
        erase = 2,
        /// Its bytes are a StoredPurge.
        purge = 3,
        /// An event that is not stored: topic, NUL and tail.
        passed = 4,
    };
    static constexpr std::size_t usual_bytes = std::size_t{128} << 10;
    static constexpr std::uint32_t length_bits = 29;

    explicit Chunk(std::size_t capacity_bytes)
        : bytes(new char[capacity_bytes]), capacity(capacity_bytes) {}

    bool empty() const { return used == 0; }
    bool fits(std::size_t more) const { return more <= capacity - used; }
    /// Space for an entry of `length` bytes, which must fit.
    char* add(Kind kind, std::size_t length);
    void clear();
    std::string_view filled() const { return {bytes.get(), used}; }

    std::unique_ptr<char[]> bytes;
    std::size_t capacity;
    std::size_t used = 0;
    std::uint64_t events = 0;
    /// Of its last side record; 0 = it has none.
    std::uint64_t ticket = 0;
};

/// Walks the entries of a chunk.
class ChunkWalk {
  public:
    struct Entry {
        Chunk::Kind kind = Chunk::Kind::event;
        std::string_view bytes;
    };

    explicit ChunkWalk(const Chunk& chunk) : left_(chunk.filled()) {}

    bool at_end() const { return left_.empty(); }
    Entry next();

  private:
    std::string_view left_;
};

/// What a put or an erase says.
struct SideRecord {
    unsigned int table = 0;
    std::string_view key;
    std::string_view value;
};

std::size_t side_record_bytes(const SideRecord& record);
void write_side_record(char* at, const SideRecord& record);
SideRecord read_side_record(std::string_view bytes);

}  // namespace coven::broker
