#include "routes.hpp"

#include <algorithm>
#include <string_view>

namespace coven::broker {

namespace {

constexpr const char* every_target = "*";

/// Words for people, parted by commas; what is too long to read ends in "…".
class Listing {
  public:
    void add(const std::string& word) {
        if (full_) return;
        full_ = text_.size() + word.size() > most_bytes;
        if (!text_.empty()) text_ += ", ";
        text_ += full_ ? "…" : word;
    }
    const std::string& text() const { return text_; }

  private:
    static constexpr std::size_t most_bytes = 300;
    std::string text_;
    bool full_ = false;
};

}  // namespace

std::uint64_t Routes::Claims::since(const std::string& verb, const std::string& target) const {
    const auto said_verb = verbs.find(verb);
    const auto said_target = targets.find(target);
    const bool said = said_verb != verbs.end() && said_target != targets.end();
    if (!reachable || !said) return 0;
    return std::max(said_verb->second, said_target->second);
}

Routes::Claims Routes::heard(const v1::ConnectorReady& ready, const Claims& before) const {
    const auto state = ready.presence().state();
    // One that is not ready as a whole, such as a reader of chat that still joins, may well be able
    // to do what it says.
    const bool answers = state == v1::Presence::STATE_STARTING ||
                         state == v1::Presence::STATE_READY ||
                         state == v1::Presence::STATE_DEGRADED;
    const auto take = [&](const auto& words, const Since& known, Since& taken) {
        for (const auto& word : words) {
            const auto found = known.find(word);
            taken.emplace(word, found == known.end() ? version_ + 1 : found->second);
        }
    };
    Claims claims;
    if (!answers) return claims;
    take(ready.verbs(), before.verbs, claims.verbs);
    take(ready.targets(), before.targets, claims.targets);
    return claims;
}

void Routes::hear(const v1::ConnectorReady& ready) {
    const ConnectorName name{ready.presence().kind(), ready.presence().instance()};
    const auto known = claims_.find(name);
    const auto before = known == claims_.end() ? Claims() : known->second;
    auto claims = heard(ready, before);
    if (claims == before) return;
    ++version_;
    claims_[name] = std::move(claims);
}

void Routes::remove(const ConnectorName& name) { version_ += claims_.erase(name); }

void Routes::lose_touch(const ConnectorName& name) {
    const auto known = claims_.find(name);
    if (known == claims_.end() || !known->second.reachable) return;
    known->second.reachable = false;
    ++version_;
}

std::optional<ConnectorName> Routes::latest(const std::string& verb,
                                            const std::string& target) const {
    std::uint64_t since = 0;
    std::optional<ConnectorName> latest;
    for (const auto& [name, claims] : claims_) {
        const auto said = claims.since(verb, target);
        if (said <= since) continue;
        since = said;
        latest = name;
    }
    return latest;
}

std::optional<ConnectorName> Routes::answering(const std::string& verb,
                                               const std::string& target) const {
    auto named = latest(verb, target);
    return named ? named : latest(verb, every_target);
}

std::string Routes::all_verbs() const {
    Since verbs;
    for (const auto& [name, claims] : claims_)
        verbs.insert(claims.verbs.begin(), claims.verbs.end());
    Listing listing;
    for (const auto& [verb, since] : verbs) listing.add(verb);
    return listing.text();
}

std::string Routes::who_answers(const std::string& verb) const {
    Listing answers;
    for (const auto& [name, claims] : claims_) {
        if (!claims.verbs.contains(verb)) continue;
        Listing targets;
        for (const auto& [target, since] : claims.targets) targets.add(target);
        const char* touch = claims.reachable ? "" : " (out of reach)";
        answers.add(name.instance + " for " + targets.text() + touch);
    }
    if (!answers.text().empty()) return "'" + verb + "' is answered by " + answers.text();
    const auto verbs = all_verbs();
    if (verbs.empty()) return "no connector answers anything: start one";
    return "nobody answers '" + verb + "', only " + verbs;
}

}  // namespace coven::broker
