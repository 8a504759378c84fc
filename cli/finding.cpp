#include "finding.hpp"

#include <algorithm>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "safe_text.hpp"

namespace coven::cli {

namespace {

using Level = Finding::Level;

const char* word(Level level) {
    if (level == Level::broken) return "broken";
    return level == Level::attention ? "attention" : "fine";
}

std::string painted(Level level, const Paint& paint) {
    const auto text = fmt::format("{:<9}", word(level));
    return level == Level::fine ? paint.dim(text) : paint.alarm(text);
}

}  // namespace

std::vector<std::string> finding_lines(const std::vector<Finding>& findings, const Paint& paint) {
    std::vector<std::string> lines;
    for (const auto& finding : findings) {
        const auto object = finding.object.empty() ? "" : safe_text(finding.object) + ": ";
        lines.push_back(fmt::format("{}  {:<7}  {}{}", painted(finding.level, paint), finding.area,
                                    object, safe_text(finding.text)));
        if (!finding.advice.empty()) {
            lines.push_back(fmt::format("{:20}{}", "", safe_text(finding.advice)));
        }
    }
    return lines;
}

std::vector<std::string> finding_json(const std::vector<Finding>& findings) {
    std::vector<std::string> lines;
    for (const auto& finding : findings) {
        const boost::json::object line = {{"level", word(finding.level)},
                                          {"area", finding.area},
                                          {"object", finding.object},
                                          {"text", finding.text},
                                          {"advice", finding.advice}};
        lines.push_back(safe_json(boost::json::serialize(line)));
    }
    return lines;
}

int status_of(const std::vector<Finding>& findings) {
    int status = 0;
    for (const auto& finding : findings) status = std::max(status, static_cast<int>(finding.level));
    return status;
}

}  // namespace coven::cli
