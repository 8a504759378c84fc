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

}  // namespace

std::vector<std::string> status_page(const v1::BrokerStatus& broker,
                                     const v1::ConnectorsList& connectors, std::uint64_t now_us,
                                     const Paint& paint) {
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
        "dropped      " + (dropped.empty() ? "nothing" : paint.alarm(dropped)),
        "",
    };
    const auto table = connectors_page(connectors, now_us);
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

std::vector<std::string> topics_page(const v1::TopicsList& topics, std::uint64_t now_us) {
    Table table({"TOPIC", "EVENTS", "PER SECOND", "LAST"});
    for (const auto& topic : topics.topics()) {
        table.add({topic.head().topic(), fmt::format("{}", topic.head().topic_seq()),
                   fmt::format("{:.1f}", topic.rate()), since(topic.last_event_us(), now_us)});
    }
    if (table.empty()) return {"no topics"};
    return table.lines();
}

}  // namespace coven::cli
