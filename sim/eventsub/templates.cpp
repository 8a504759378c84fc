#include "templates.hpp"

#include <algorithm>
#include <array>

namespace coven::sim::eventsub {
namespace {

auto all() {
    return std::array{point_templates(), chat_templates(), channel_templates(), contest_templates(),
                      moderation_templates()};
}

}  // namespace

const Template* find_template(std::string_view type, std::string_view version) {
    for (const auto* one : find_templates(type)) {
        if (one->version == version) return one;
    }
    return nullptr;
}

std::vector<const Template*> find_templates(std::string_view type) {
    std::vector<const Template*> found;
    for (const auto& templates : all()) {
        for (const auto& one : templates) {
            if (one.type == type) found.push_back(&one);
        }
    }
    return found;
}

}  // namespace coven::sim::eventsub
