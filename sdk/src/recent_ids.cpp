#include "recent_ids.hpp"

#include <functional>

namespace coven {

namespace {

constexpr auto kept_for = std::chrono::seconds(60);
constexpr std::size_t kept_at_most = 100'000;

std::uint64_t key_of(std::string_view topic, std::string_view id) {
    const std::hash<std::string_view> hash;
    return hash(topic) * 0x9e3779b97f4a7c15ull ^ hash(id);
}

}  // namespace

bool RecentIds::is_new(std::string_view topic, std::string_view id, Instant now) {
    if (id.empty()) return true;
    if (now - began_ >= kept_for || current_.size() >= kept_at_most) {
        previous_.swap(current_);
        current_.clear();
        if (now - began_ >= 2 * kept_for) previous_.clear();
        began_ = now;
    }
    const auto key = key_of(topic, id);
    if (previous_.contains(key)) return false;
    return current_.insert(key).second;
}

}  // namespace coven
