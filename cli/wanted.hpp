#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "coven/connector.hpp"
#include "coven/result.hpp"
#include "scale.hpp"

namespace coven::cli {

/// What `coven up` was told.
struct UpRequest {
    /// Of --channel; empty = those configured.
    std::vector<std::string> channels;
    Scale scale;
    /// Empty = none.
    std::string config_file;
    /// The COVEN_… variables.
    std::map<std::string, std::string> environment;
    /// $PATH.
    std::string search;
};

/// A connector that shall run.
struct Wanted {
    enum class Origin {
        /// `coven-<kind>`: takes our flags and says READY=1.
        ours,
        /// [connectors.<kind>] command = […]: any program.
        foreign,
    };

    std::string kind;
    Origin origin = Origin::ours;
    /// A path and arguments.
    std::vector<std::string> command;
    std::size_t instances = 1;
    /// Those it is to read; nothing where it has no such setting.
    std::optional<std::vector<std::string>> channels;
};

struct WantedAll {
    std::vector<Wanted> connectors;
    /// What looks like a mistake and is none for sure.
    std::vector<std::string> warnings;
};

/// Where programs of ours are looked for and what they say of themselves, so that a test can say
/// it.
struct Catalogue {
    std::function<std::optional<std::string>(const std::string& kind)> find;
    std::function<Result<Manifest>(const std::string& path, const std::string& kind)> describe;
    /// For messages.
    std::vector<std::string> kinds;
};

/// The programs that lie in `folder`.
Catalogue catalogue_of(const std::string& folder);

/// Which connectors run: those that have a section in the file, [chat] or [connectors.mine], and
/// those that --scale names; chat, if that is none or --channel is given. Their settings are
/// checked here, before anything starts.
Result<WantedAll> wanted_connectors(const UpRequest& request, const Catalogue& catalogue);

}  // namespace coven::cli
