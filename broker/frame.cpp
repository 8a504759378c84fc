#include "frame.hpp"

#include <cstring>

#include "coven/topic.hpp"
#include "coven/utf8.hpp"
#include "wire_reader.hpp"

namespace coven::broker {

namespace {

constexpr std::size_t entry_bytes = 10;
constexpr std::size_t flags_entry = 2;
constexpr std::size_t first_broker_entry = 3;

/// Tags of fields 2040 to 2047 with wire type fixed64: 0xc1 0x7f, 0xc9 0x7f … 0xf9 0x7f.
constexpr char tag_low(std::size_t entry) { return static_cast<char>(0xc1 + 8 * entry); }
constexpr char tag_high = 0x7f;

// Field numbers of coven.v1.Event.
constexpr std::uint32_t proto_data_field = 8;
constexpr std::uint32_t producer_id_field = 2040;
constexpr std::uint32_t producer_seq_field = 2041;
constexpr std::uint32_t flags_field = 2042;
/// Of google.protobuf.Any.
constexpr std::uint32_t type_url_field = 1;

constexpr bool is_text_field(std::uint32_t number) {
    // id, source, spec_version, type; text_data; channel_id, channel_login.
    return (number >= 1 && number <= 4) || number == 7 || number == 18 || number == 19;
}

bool is_tail(const char* at) {
    // Without a branch for each tag: all of them are right nearly always.
    unsigned int wrong = 0;
    for (std::size_t i = 0; i < tail_bytes / entry_bytes; ++i) {
        const char* entry = at + i * entry_bytes;
        wrong |= static_cast<unsigned char>(entry[0] ^ tag_low(i));
        wrong |= static_cast<unsigned char>(entry[1] ^ tag_high);
    }
    return wrong == 0;
}

bool is_ascii(const char* eight_bytes) {
    return (load_fixed64(eight_bytes) & 0x8080808080808080u) == 0;
}

bool is_text(std::string_view bytes) {
    // Nearly all of it is ASCII: eight bytes at a time for that, the last eight whether or not some
    // of them were looked at already.
    if (bytes.size() < 8) return is_utf8(bytes);
    const char* last = bytes.data() + bytes.size() - 8;
    const char* at = bytes.data();
    while (at < last && is_ascii(at)) at += 8;
    if (at >= last && is_ascii(last)) return true;
    return is_utf8(bytes);
}

std::optional<Drop> any_fault(std::string_view any) {
    WireReader reader(any);
    while (!reader.left().empty()) {
        const auto field = reader.next();
        if (!field) return Drop::frame_malformed;
        const bool text = field->number == type_url_field && field->type == WireType::bytes;
        if (text && !is_text(field->bytes)) return Drop::text_malformed;
    }
    return std::nullopt;
}

std::optional<Drop> bytes_fault(const WireField& field) {
    if (is_text_field(field.number) && !is_text(field.bytes)) return Drop::text_malformed;
    if (field.number == proto_data_field) return any_fault(field.bytes);
    return std::nullopt;
}

void read_producer(Frame& frame, const char* tail) {
    frame.producer_id = load_fixed64(tail + 2);
    frame.producer_seq = load_fixed64(tail + entry_bytes + 2);
    frame.flags = load_fixed64(tail + flags_entry * entry_bytes + 2);
}

void read_number(Frame& frame, const WireField& field) {
    if (field.number == producer_id_field) frame.producer_id = field.value;
    if (field.number == producer_seq_field) frame.producer_seq = field.value;
    if (field.number == flags_field) frame.flags = field.value;
}

/// Walks the fields of the event that begins at `body`.
void read_event(Frame& frame, std::string_view bytes, std::size_t body) {
    WireReader reader(bytes.substr(body));
    while (!reader.left().empty()) {
        if (reader.left().size() == tail_bytes && is_tail(reader.left().data())) {
            frame.tail_at = bytes.size() - tail_bytes;
            return read_producer(frame, reader.left().data());
        }
        const auto field = reader.next();
        if (!field) {
            frame.fault = Drop::frame_malformed;
            return;
        }
        if (field->type == WireType::fixed64) read_number(frame, *field);
        if (field->type != WireType::bytes) continue;
        frame.fault = bytes_fault(*field);
        if (frame.fault) return;
    }
}

/// Who sent a frame that is none: what its last bytes say, if they look like a tail.
void guess_producer(Frame& frame, std::string_view bytes) {
    if (bytes.size() < tail_bytes) return;
    const char* end = bytes.data() + bytes.size() - tail_bytes;
    if (is_tail(end)) read_producer(frame, end);
}

}  // namespace

Frame read_frame(std::string_view bytes, std::size_t max_bytes) {
    Frame frame;
    if (bytes.size() > max_bytes) {
        frame.fault = Drop::too_large;
        guess_producer(frame, bytes);
        return frame;
    }
    const auto nul = bytes.find('\0');
    if (nul == std::string_view::npos) {
        frame.fault = Drop::no_nul;
        return frame;
    }
    frame.topic = bytes.substr(0, nul);
    read_event(frame, bytes, nul + 1);
    const auto leaves = bytes.size() + (frame.tail_at ? 0 : tail_bytes);
    if (!frame.fault && leaves > max_bytes) frame.fault = Drop::too_large;
    if (frame.fault && frame.producer_id == 0) guess_producer(frame, bytes);
    return frame;
}

std::optional<Drop> topic_refusal(std::string_view topic) {
    if (topic.starts_with('~') || topic == "bus.broker" || topic.starts_with("bus.broker.")) {
        return Drop::topic_reserved;
    }
    if (topic_fault(topic) != nullptr) return Drop::topic_malformed;
    return std::nullopt;
}

void stamp(char* tail, const Numbers& numbers) {
    const std::array<std::uint64_t, 5> values = {numbers.bus_epoch, numbers.offset,
                                                 numbers.topic_seq, numbers.prev_offset,
                                                 numbers.ingest_us};
    char* value = tail + first_broker_entry * entry_bytes + 2;
    for (const auto number : values) {
        std::memcpy(value, &number, sizeof number);
        value += entry_bytes;
    }
}

void add_flags(char* tail, std::uint64_t flags) {
    char* value = tail + flags_entry * entry_bytes + 2;
    flags |= load_fixed64(value);
    std::memcpy(value, &flags, sizeof flags);
}

Tail make_tail(const Frame& frame, const Numbers& numbers) {
    Tail tail{};
    for (std::size_t i = 0; i < tail_bytes / entry_bytes; ++i) {
        tail[i * entry_bytes] = tag_low(i);
        tail[i * entry_bytes + 1] = tag_high;
    }
    std::memcpy(tail.data() + 2, &frame.producer_id, 8);
    std::memcpy(tail.data() + entry_bytes + 2, &frame.producer_seq, 8);
    std::memcpy(tail.data() + flags_entry * entry_bytes + 2, &frame.flags, 8);
    stamp(tail.data(), numbers);
    return tail;
}

}  // namespace coven::broker
