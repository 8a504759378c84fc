#include "envelope.hpp"

#include <cstdint>
#include <cstring>

namespace coven::broker {

Envelope read_envelope(const std::vector<zmq::message_t>& frames) {
    if (frames.size() < 2) return {};
    for (std::size_t i = 1; i < frames.size(); ++i) {
        if (frames[i].size() == 0) return {i + 1, frames.size() == i + 2};
    }
    return {1, frames.size() == 2};
}

std::string sealed(const std::vector<zmq::message_t>& frames, std::size_t count) {
    std::string envelope;
    for (std::size_t i = 0; i < count; ++i) {
        const auto size = static_cast<std::uint32_t>(frames[i].size());
        envelope.append(reinterpret_cast<const char*>(&size), sizeof size);
        envelope.append(static_cast<const char*>(frames[i].data()), size);
    }
    return envelope;
}

std::vector<zmq::message_t> unsealed(std::string_view envelope) {
    std::vector<zmq::message_t> frames;
    while (!envelope.empty()) {
        std::uint32_t size = 0;
        std::memcpy(&size, envelope.data(), sizeof size);
        envelope.remove_prefix(sizeof size);
        frames.emplace_back(envelope.substr(0, size));
        envelope.remove_prefix(size);
    }
    return frames;
}

}  // namespace coven::broker
