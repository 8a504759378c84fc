#pragma once

#include <string>
#include <vector>

#include "colour.hpp"

namespace coven::cli {

/// What `coven doctor` has seen of one thing.
struct Finding {
    enum class Level {
        fine,
        /// Runs, but not as it should, or not for long.
        attention,
        /// Something that was configured cannot work.
        broken,
    };

    Level level = Level::fine;
    /// What kind of thing it is, one word. Example: "network".
    std::string area;
    /// Which one. Example: "https://id.twitch.tv/oauth2".
    std::string object;
    std::string text;
    /// What to do; empty where there is nothing to do.
    std::string advice = {};
};

/// For people; texts come from outside and are made safe here.
std::vector<std::string> finding_lines(const std::vector<Finding>& findings, const Paint& paint);
/// One object a line.
std::vector<std::string> finding_json(const std::vector<Finding>& findings);
/// 0 = all is well, 1 = something wants attention, 2 = something is broken.
int status_of(const std::vector<Finding>& findings);

}  // namespace coven::cli
