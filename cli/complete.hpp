#pragma once

#include <functional>
#include <string>
#include <vector>

#include "neighbours.hpp"

namespace coven::cli {

struct Candidate {
    /// The whole word that would stand there.
    std::string word;
    std::string help;
};

/// What may stand where the cursor is.
struct Completion {
    /// What the shell itself adds.
    enum class Files { none, files };

    std::vector<Candidate> candidates;
    Files files = Files::none;
};

/// Where completions come from that are in no table; each is asked only when it is needed.
struct Sources {
    /// Topics that begin so; none when no broker answers.
    std::function<std::vector<std::string>(const std::string& beginning)> topics;
    std::function<std::vector<Neighbour>()> programs;
    /// Logins of those that are logged in; none when the token store cannot be read.
    std::function<std::vector<std::string>()> accounts;
};

/// `words` are those of the command line up to the cursor, from the program on; the last one is
/// unfinished, perhaps empty.
Completion complete(const std::vector<std::string>& words, const Sources& sources);

}  // namespace coven::cli
