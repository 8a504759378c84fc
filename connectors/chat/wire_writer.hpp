#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <google/protobuf/message_lite.h>

namespace chat {

/// Writes the fields of a protobuf message one after another, as protobuf itself would when they
/// come in the order of their numbers; what is empty, 0 or false is left out like there. For
/// messages that are made thousands of times a second: a generated class would be filled, measured
/// and checked first. Texts must be valid UTF-8. One object serves many messages.
class WireWriter {
  public:
    void clear() { size_ = 0; }
    void text(int number, std::string_view value) {
        if (!value.empty()) bytes(number, value);
    }
    void varint(int number, std::uint64_t value);
    void fixed64(int number, std::uint64_t value);
    /// Also when it is empty: for messages within the message.
    void bytes(int number, std::string_view value);
    /// All fields of `message`.
    void fields(const google::protobuf::MessageLite& message);
    /// What was written since `clear`; valid until the next call of anything else.
    std::string_view written() const { return {buffer_.data(), size_}; }

  private:
    /// Where to write up to `most` bytes.
    char* room(std::size_t most) {
        if (buffer_.size() - size_ < most) grow(most);
        return buffer_.data() + size_;
    }
    void grow(std::size_t most);
    void end_at(const char* end) { size_ = static_cast<std::size_t>(end - buffer_.data()); }

    std::string buffer_;
    std::size_t size_ = 0;
};

}  // namespace chat
