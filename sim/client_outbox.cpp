#include "client_outbox.hpp"

#include <cassert>
#include <utility>

namespace coven::sim {

Outbox::Added Outbox::add_line(std::string_view line) {
    if (bytes_ + line.size() + 2 > limits_.bytes) return Added::full;
    const bool fits = !frames_.empty() && !frames_.back().closed &&
                      frames_.back().lines < limits_.lines_per_frame;
    if (!fits) frames_.emplace_back();
    auto& frame = frames_.back();
    frame.bytes.append(line).append("\r\n");
    ++frame.lines;
    bytes_ += line.size() + 2;
    return Added::yes;
}

Outbox::Added Outbox::add_frame(std::string_view bytes, Frame::Kind kind) {
    if (bytes_ + bytes.size() > limits_.bytes) return Added::full;
    frames_.push_back(Frame{.bytes = std::string(bytes), .kind = kind, .lines = 0, .closed = true});
    bytes_ += bytes.size();
    return Added::yes;
}

void Outbox::clear() {
    frames_.clear();
    bytes_ = 0;
}

bool Outbox::has_whole_frame() const {
    if (frames_.empty()) return false;
    const auto& next = frames_.front();
    return next.closed || next.lines >= limits_.lines_per_frame || frames_.size() > 1;
}

Outbox::Frame Outbox::take() {
    assert(!frames_.empty());
    auto frame = std::move(frames_.front());
    frames_.pop_front();
    bytes_ -= frame.bytes.size();
    return frame;
}

}  // namespace coven::sim
