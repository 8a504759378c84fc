#include "deed_log.hpp"

#include <utility>

#include <boost/json/serialize.hpp>

namespace json = boost::json;

namespace coven::sim {
namespace {

constexpr std::size_t most_kept = 10'000;

}  // namespace

json::object to_json(const Deed& deed) {
    return {{"time_us", microseconds_since_epoch(deed.time)},
            {"account", deed.account},
            {"transport", deed.transport == Deed::Transport::irc ? "irc" : "helix"},
            {"channel", deed.channel},
            {"kind", deed.kind},
            {"text", deed.text},
            {"outcome", deed.outcome},
            {"id", deed.id},
            {"privileged", deed.is_privileged}};
}

Result<void> DeedLog::open(const std::string& path) {
    file_.emplace(path, std::ios::binary | std::ios::trunc);
    if (!*file_) return Error{"cannot write the log of deeds '" + path + "'"};
    return {};
}

void DeedLog::note(Deed deed) {
    // Accounts are slow: each line is in the file at once, for whoever looks while it runs.
    if (file_) *file_ << json::serialize(to_json(deed)) << std::endl;
    last_.push_back(std::move(deed));
    if (last_.size() > most_kept) last_.pop_front();
}

}  // namespace coven::sim
