#include "page_text.hpp"

#include <fmt/format.h>

#include "presence_lines.hpp"
#include "safe_text.hpp"
#include "table.hpp"
#include "time_text.hpp"

namespace coven::cli {

namespace {

std::string since(std::uint64_t then_us, std::uint64_t now_us) {
    if (then_us == 0) return "";
    const auto span = now_us > then_us ? now_us - then_us : 0;
    return span_text(std::chrono::milliseconds(static_cast<std::int64_t>(span / 1000)));
}

std::string megabytes(std::uint64_t bytes) {
    return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

std::string dropped_text(const v1::BrokerStatus& broker) {
    std::string text;
    for (const auto& counter : broker.dropped()) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", safe_text(counter.reason()),
                            counter.count());
    }
    return text;
}

/// "storing, 12.3 MB: bus 12, chat 4000"
std::string journal_text(const v1::JournalStatus& journal, const Paint& paint) {
    if (journal.state() == v1::JournalStatus::STATE_OFF) return "off";
    if (journal.state() == v1::JournalStatus::STATE_DEGRADED) {
        return paint.alarm("NOTHING IS STORED: " + safe_text(journal.reason()));
    }
    if (journal.state() != v1::JournalStatus::STATE_STORING) return "none";
    auto text = "storing, " + megabytes(journal.bytes());
    const char* separator = ": ";
    for (const auto& family : journal.families()) {
        text += fmt::format("{}{} {}", separator, safe_text(family.name()), family.events());
        separator = ", ";
    }
    return text;
}

std::string until(std::uint64_t then_us, std::uint64_t now_us) {
    return then_us > now_us ? since(now_us, then_us) : "";
}

/// The reason, and when it goes on.
std::string outlook(const v1::ChannelState& channel, std::uint64_t now_us) {
    const auto left = until(channel.expected_us(), now_us);
    std::string text = channel.reason();
    if (left.empty()) return text;
    if (!text.empty()) text += "; ";
    const bool refused = channel.state() == v1::ChannelState::STATE_REFUSED;
    return text + (refused ? "tried again in " : "asked for in ") + left;
}

/// Why it is wanted, or not.
const char* origin(const v1::ChannelState& channel) {
    if (channel.added()) return "added";
    const bool gone = channel.state() == v1::ChannelState::STATE_GONE;
    if (!gone) return "configured";
    return channel.instance().empty() ? "removed" : "";
}

/// "40 of 300 joined, 2 min 10 s left; 3 refused"
std::string progress_text(const v1::ChannelsList::Totals& totals, std::uint64_t now_us) {
    const auto all = totals.wanted() + totals.joining() + totals.joined() + totals.refused();
    if (all == 0) return "none";
    auto text = fmt::format("{} of {} joined", totals.joined(), all);
    const auto left = until(totals.expected_us(), now_us);
    if (!left.empty()) text += fmt::format(", {} left", left);
    if (totals.refused() > 0) text += fmt::format("; {} refused", totals.refused());
    return text;
}

}  // namespace

std::vector<std::string> status_page(const Status& status, std::uint64_t now_us,
                                     const Paint& paint) {
    const auto& broker = status.broker;
    const auto dropped = dropped_text(broker);
    std::vector<std::string> lines = {
        fmt::format("broker       version {}, up {}", safe_text(broker.version()),
                    since(broker.started_us(), now_us)),
        fmt::format("position     epoch {}, head {}, committed {}", broker.bus_epoch(),
                    broker.head(), broker.committed()),
        fmt::format("flow         {:.1f} events/s; {} events, {} since its start", broker.rate(),
                    broker.events(), megabytes(broker.bytes())),
        fmt::format("topics       {}", broker.topics()),
        fmt::format("publishers   {}", broker.producers()),
        fmt::format("subscribers  {} with {} subscriptions", broker.subscribers(),
                    broker.subscriptions()),
        "journal      " + journal_text(broker.journal(), paint),
        "channels     " + progress_text(status.channels, now_us),
        "dropped      " + (dropped.empty() ? "nothing" : paint.alarm(dropped)),
        "",
    };
    const auto table = connectors_page(status.connectors, now_us);
    lines.insert(lines.end(), table.begin(), table.end());
    return lines;
}

std::vector<std::string> connectors_page(const v1::ConnectorsList& connectors,
                                         std::uint64_t now_us) {
    Table table({"CONNECTOR", "STATE", "SINCE", "HEARD", "VERSION", "REASON"});
    for (const auto& connector : connectors.connectors()) {
        const auto& presence = connector.presence();
        table.add({presence.instance(), state_name(presence), since(presence.since_us(), now_us),
                   since(connector.last_beat_us(), now_us), presence.version(), presence.reason()});
    }
    if (table.empty()) return {"no connectors"};
    return table.lines();
}

std::vector<std::string> channels_page(const v1::ChannelsList& channels, std::uint64_t now_us) {
    Table table({"CHANNEL", "STATE", "ORIGIN", "CONNECTOR", "SINCE", "REASON"});
    for (const auto& channel : channels.channels()) {
        // Of nobody: only the kind is known.
        const auto& whose = channel.instance().empty() ? channel.kind() : channel.instance();
        table.add({channel.channel(), state_name(channel), origin(channel), whose,
                   since(channel.since_us(), now_us), outlook(channel, now_us)});
    }
    if (table.empty()) return {"no channels"};
    return table.lines();
}

std::vector<std::string> topics_page(const v1::TopicsList& topics, std::uint64_t now_us) {
    Table table({"TOPIC", "EVENTS", "HEAD", "PER SECOND", "LAST"});
    for (const auto& topic : topics.topics()) {
        table.add({topic.head().topic(), fmt::format("{}", topic.head().topic_seq()),
                   fmt::format("{}", topic.head().offset()), fmt::format("{:.1f}", topic.rate()),
                   since(topic.last_event_us(), now_us)});
    }
    if (table.empty()) return {"no topics"};
    return table.lines();
}

}  // namespace coven::cli
