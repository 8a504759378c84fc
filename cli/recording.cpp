#include "recording.hpp"

#include <fmt/format.h>

#include "time_text.hpp"

namespace coven::cli {

namespace {

constexpr std::string_view magic = "coven recording ";
constexpr std::string_view version = "1";
/// The broker takes frames up to 512 KiB: more is damage.
constexpr std::uint64_t longest_frame = std::uint64_t{1} << 20;
constexpr std::size_t longest_header_line = 4096;
/// Of 64 bits, in pieces of 7.
constexpr unsigned last_varint_shift = 63;

}  // namespace

std::string recording_start(std::string_view broker, std::uint64_t recorded_us) {
    return fmt::format(
        "{}{}\nframes: varint length, topic, NUL, coven.v1.Event (CloudEvents 1.0, protobuf)\n"
        "recorded: {}\nbroker: {}\n\n",
        magic, version, utc_text(recorded_us), broker);
}

std::string recorded(std::string_view frame) {
    std::string bytes;
    auto length = frame.size();
    for (; length >= 0x80; length >>= 7) bytes.push_back(static_cast<char>(length | 0x80));
    bytes.push_back(static_cast<char>(length));
    return bytes.append(frame);
}

Result<RecordingReader> RecordingReader::open(std::istream& in) {
    std::string line;
    std::getline(in, line);
    if (!line.starts_with(magic)) return Error("is no recording of coven");
    const auto found = line.substr(magic.size());
    if (found != version) {
        return Error(fmt::format("is a recording of version '{}', this program reads {}",
                                 found.substr(0, 20), version));
    }
    // What else stands there is for people and may grow.
    while (std::getline(in, line) && !line.empty()) {
        if (line.size() > longest_header_line) return Error("has a damaged header");
    }
    if (!in) return Error("ends within its header");
    return RecordingReader(in);
}

Result<std::optional<std::uint64_t>> RecordingReader::length() {
    std::uint64_t length = 0;
    for (unsigned shift = 0; shift <= last_varint_shift; shift += 7) {
        const int byte = in_->get();
        const bool ended = byte == std::istream::traits_type::eof();
        if (ended && shift == 0) return std::optional<std::uint64_t>();
        if (ended) return damaged("it ends within an event");
        length |= (static_cast<std::uint64_t>(byte) & 0x7f) << shift;
        if ((byte & 0x80) == 0) return std::optional<std::uint64_t>(length);
    }
    return damaged("what follows is no length");
}

Result<std::optional<std::string>> RecordingReader::next() {
    const auto size = length();
    if (size.has_error()) return size.error();
    if (!*size) return std::optional<std::string>();
    if (**size > longest_frame) return damaged("what follows is no length");
    std::string frame(static_cast<std::size_t>(**size), '\0');
    in_->read(frame.data(), static_cast<std::streamsize>(frame.size()));
    if (in_->gcount() != static_cast<std::streamsize>(frame.size())) {
        return damaged("it ends within an event");
    }
    ++frames_;
    return std::optional(std::move(frame));
}

Error RecordingReader::damaged(std::string_view how) const {
    return Error(fmt::format("is damaged after {} events: {}", frames_, how));
}

}  // namespace coven::cli
