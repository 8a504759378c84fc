#include "line_splitter.hpp"

#include <algorithm>

namespace chat {

std::optional<std::string_view> LineSplitter::next() {
    while (!frame_.empty()) {
        const auto end = frame_.find('\n');
        if (end == std::string_view::npos) {
            keep(frame_);
            frame_ = {};
            break;
        }
        auto line = whole(frame_.substr(0, end));
        frame_.remove_prefix(end + 1);
        const bool too_long = line.size() > max_line_bytes_;
        if (too_long) ++dropped_;
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (!too_long && !line.empty()) return line;
    }
    return std::nullopt;
}

void LineSplitter::keep(std::string_view piece) {
    // One byte more than allowed is enough to know that the line is too long.
    const auto room = max_line_bytes_ + 1 - started_.size();
    started_.append(piece.substr(0, std::min(piece.size(), room)));
}

std::string_view LineSplitter::whole(std::string_view piece) {
    if (started_.empty()) return piece;
    keep(piece);
    line_.swap(started_);
    started_.clear();
    return line_;
}

}  // namespace chat
