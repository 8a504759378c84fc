#include "log_lines.hpp"

#include <utility>

namespace coven::cli {

std::vector<std::string> LogLines::add(std::string_view bytes) {
    std::vector<std::string> lines;
    while (!bytes.empty()) {
        const auto piece = bytes.substr(0, longest - rest_.size());
        const auto end = piece.find('\n');
        rest_ += piece.substr(0, end);
        bytes.remove_prefix(end == std::string_view::npos ? piece.size() : end + 1);
        if (end == std::string_view::npos && rest_.size() < longest) break;
        if (!rest_.empty()) lines.push_back(std::exchange(rest_, {}));
    }
    return lines;
}

std::vector<std::string> LogLines::end() {
    if (rest_.empty()) return {};
    return {std::exchange(rest_, {})};
}

}  // namespace coven::cli
