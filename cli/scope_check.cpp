#include "scope_check.hpp"

#include <algorithm>
#include <set>

namespace coven::cli {

namespace {

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

}  // namespace

std::vector<Finding> check_scopes(const std::vector<ScopeNeed>& needs,
                                  const std::map<std::string, std::vector<std::string>>& granted) {
    std::set<std::string> all;
    for (const auto& [login, scopes] : granted) all.insert(scopes.begin(), scopes.end());
    std::vector<Finding> findings;
    for (const auto& need : needs) {
        if (need.scopes.empty()) continue;
        std::vector<std::string> missing;
        std::copy_if(need.scopes.begin(), need.scopes.end(), std::back_inserter(missing),
                     [&](const std::string& scope) { return !all.contains(scope); });
        if (missing.empty()) {
            findings.push_back({Finding::Level::fine, "scopes", need.kind,
                                "has all it needs: " + joined(need.scopes)});
            continue;
        }
        findings.push_back({Finding::Level::attention, "scopes", need.kind,
                            "no account has granted " + joined(missing),
                            "`coven login` asks for what the configured connectors need"});
    }
    return findings;
}

}  // namespace coven::cli
