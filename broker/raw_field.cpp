#include "raw_field.hpp"

#include "coven/v1/event.pb.h"
#include "wire_reader.hpp"

namespace coven::broker {

std::string_view without_raw(std::string_view frame, std::string& buffer) {
    buffer.clear();
    WireReader reader(frame.substr(frame.find('\0') + 1));
    const char* kept_to = frame.data();
    while (!reader.left().empty()) {
        const char* begin = reader.left().data();
        const auto field = reader.next();
        if (!field) break;
        if (field->number != v1::Event::kRawFieldNumber) continue;
        buffer.append(kept_to, begin);
        kept_to = reader.left().data();
    }
    if (kept_to == frame.data()) return frame;
    buffer.append(kept_to, frame.data() + frame.size());
    return buffer;
}

}  // namespace coven::broker
