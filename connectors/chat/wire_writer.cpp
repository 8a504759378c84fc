#include "wire_writer.hpp"

#include <bit>
#include <cstring>

namespace chat {

namespace {

static_assert(std::endian::native == std::endian::little, "fixed64 fields are copied as they are");

// https://protobuf.dev/programming-guides/encoding/#structure (read 2026-11-22)
enum WireType : std::uint64_t { type_varint = 0, type_fixed64 = 1, type_bytes = 2 };
constexpr std::size_t longest_varint = 10;

char* put_varint(char* at, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) *at++ = static_cast<char>(value | 0x80);
    *at++ = static_cast<char>(value);
    return at;
}

char* put_tag(char* at, int number, WireType type) {
    return put_varint(at, (static_cast<std::uint64_t>(number) << 3) | type);
}

}  // namespace

void WireWriter::grow(std::size_t most) { buffer_.resize(2 * (buffer_.size() + most)); }

void WireWriter::varint(int number, std::uint64_t value) {
    if (value == 0) return;
    char* at = put_tag(room(2 * longest_varint), number, type_varint);
    end_at(put_varint(at, value));
}

void WireWriter::fixed64(int number, std::uint64_t value) {
    if (value == 0) return;
    char* at = put_tag(room(longest_varint + sizeof value), number, type_fixed64);
    std::memcpy(at, &value, sizeof value);
    end_at(at + sizeof value);
}

void WireWriter::bytes(int number, std::string_view value) {
    char* at = put_tag(room(2 * longest_varint + value.size()), number, type_bytes);
    at = put_varint(at, value.size());
    // Unlike memcpy it may be given nothing at all.
    value.copy(at, value.size());
    end_at(at + value.size());
}

void WireWriter::fields(const google::protobuf::MessageLite& message) {
    const auto size = message.ByteSizeLong();
    auto* at = reinterpret_cast<std::uint8_t*>(room(size));
    message.SerializeWithCachedSizesToArray(at);
    size_ += size;
}

}  // namespace chat
