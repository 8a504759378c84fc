#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "journal/families.hpp"

namespace coven::broker {

/// Of which topics events are stored.
class KeptFamilies {
  public:
    /// All.
    KeptFamilies() = default;
    /// None = all.
    explicit KeptFamilies(const std::vector<std::string>& families)
        : families_(families.begin(), families.end()) {}

    bool has_topic(std::string_view topic) const {
        return families_.empty() || families_.contains(family_of(topic));
    }

  private:
    std::set<std::string, std::less<>> families_;
};

}  // namespace coven::broker
