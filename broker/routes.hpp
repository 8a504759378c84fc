#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "coven/v1/request.pb.h"

namespace coven::broker {

/// A connector, whatever connection it has.
struct ConnectorName {
    std::string kind;
    std::string instance;
    auto operator<=>(const ConnectorName&) const = default;
};

/// Which connector answers which verb for which target. Of two that say the same (verb, target),
/// the one that said it later does, and the other again when that one is gone. One that names the
/// target comes before one that answers for all.
class Routes {
  public:
    /// What a connector says in full: what it no longer says it no longer answers. It
    /// answers what it says while it is STARTING, READY or DEGRADED, and nothing in other states.
    void hear(const v1::ConnectorReady& ready);
    void remove(const ConnectorName& name);
    /// It cannot be reached: it answers nothing until it is heard again.
    void lose_touch(const ConnectorName& name);

    /// Nobody = none.
    std::optional<ConnectorName> answering(const std::string& verb,
                                           const std::string& target) const;
    /// For people: who answers `verb` for whom, or which verbs there are. Not longer than a few
    /// lines.
    std::string who_answers(const std::string& verb) const;
    /// Grows with each change.
    std::uint64_t version() const { return version_; }

  private:
    /// Word → the version that it came with.
    using Since = std::map<std::string, std::uint64_t>;
    struct Claims {
        Since verbs;
        Since targets;
        bool reachable = true;
        /// Since when both are there and it is reachable; 0 = not.
        std::uint64_t since(const std::string& verb, const std::string& target) const;
        bool operator==(const Claims&) const = default;
    };

    Claims heard(const v1::ConnectorReady& ready, const Claims& before) const;
    std::optional<ConnectorName> latest(const std::string& verb, const std::string& target) const;
    std::string all_verbs() const;

    std::uint64_t version_ = 0;
    std::map<ConnectorName, Claims> claims_;
};

}  // namespace coven::broker
