#pragma once

#include <map>
#include <string>
#include <vector>

#include "finding.hpp"

namespace coven::cli {

/// What a connector that is to run needs.
struct ScopeNeed {
    std::string kind;
    std::vector<std::string> scopes;
};

/// For each connector whether some account has granted what it needs. `granted`: scopes by login.
std::vector<Finding> check_scopes(const std::vector<ScopeNeed>& needs,
                                  const std::map<std::string, std::vector<std::string>>& granted);

}  // namespace coven::cli
