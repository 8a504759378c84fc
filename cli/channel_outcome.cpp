#include "channel_outcome.hpp"

#include <vector>

#include "presence_lines.hpp"

namespace coven::cli {

namespace {

using State = v1::ChannelState;
using Rows = std::vector<const State*>;

/// Those of `kind` that are not gone.
Rows rows_of(const v1::ChannelsList& all, const std::string& kind) {
    Rows rows;
    for (const auto& row : all.channels()) {
        const bool counts = kind.empty() || row.kind() == kind;
        if (counts && row.state() != State::STATE_GONE) rows.push_back(&row);
    }
    return rows;
}

/// "joined by chat-2", "wanted: waits for a connector"
std::string words_of(const State& row) {
    auto words = state_name(row);
    if (!row.instance().empty()) words += " by " + row.instance();
    return row.reason().empty() ? words : words + ": " + row.reason();
}

const State* row_in(const Rows& rows, State::State state) {
    for (const auto* row : rows) {
        if (row->state() == state) return row;
    }
    return nullptr;
}

}  // namespace

ChannelOutcome outcome_of_adding(const v1::ChannelsList& all, const std::string& kind) {
    using Kind = ChannelOutcome::Kind;
    const auto rows = rows_of(all, kind);
    if (const auto* row = row_in(rows, State::STATE_JOINED)) return {Kind::done, words_of(*row)};
    // One connector may be refused what another is about to ask for.
    for (const auto state : {State::STATE_JOINING, State::STATE_WANTED}) {
        if (const auto* row = row_in(rows, state)) return {Kind::open, words_of(*row)};
    }
    const auto* refused = row_in(rows, State::STATE_REFUSED);
    if (refused != nullptr) return {Kind::refused, words_of(*refused)};
    return {Kind::open, "no connector has it yet"};
}

ChannelOutcome outcome_of_removing(const v1::ChannelsList& all, const std::string& kind) {
    using Kind = ChannelOutcome::Kind;
    const auto rows = rows_of(all, kind);
    if (rows.empty()) return {Kind::done, "not read any more"};
    return {Kind::open, "still " + words_of(*rows.front())};
}

}  // namespace coven::cli
