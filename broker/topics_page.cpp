#include "topics_page.hpp"

namespace coven::broker {

namespace {

/// Tag and length of one topic of a list, and room for the list's own fields.
constexpr std::size_t entry_overhead_bytes = 4;
constexpr std::size_t list_overhead_bytes = 128;

v1::TopicsList::Topic describe(const TopicEntry& entry, const Router& router, const Moment& now) {
    v1::TopicsList::Topic topic;
    auto& head = *topic.mutable_head();
    head.set_topic(entry.name);
    head.set_bus_epoch(router.bus_epoch());
    head.set_offset(entry.offset);
    head.set_topic_seq(entry.topic_seq);
    topic.set_rate(entry.rate.per_second(now.instant));
    topic.set_last_event_us(entry.ingest_us);
    return topic;
}

}  // namespace

TopicsPage topics_page(const Router& router, const v1::TopicsListRequest& wanted,
                       std::size_t max_bytes, const Moment& now) {
    TopicsPage page;
    page.topics.set_bus_epoch(router.bus_epoch());
    page.topics.set_offset(router.head());
    const auto& table = router.topics();
    std::size_t bytes = list_overhead_bytes;
    auto name = table.first(wanted.prefix(), wanted.after());
    for (; name != table.end() && name->starts_with(wanted.prefix()); ++name) {
        auto topic = describe(table.at(*name), router, now);
        bytes += topic.ByteSizeLong() + entry_overhead_bytes;
        const auto count = static_cast<std::size_t>(page.topics.topics_size());
        page.more = bytes > max_bytes || (wanted.limit() > 0 && count >= wanted.limit());
        if (page.more) break;
        *page.topics.add_topics() = std::move(topic);
    }
    return page;
}

}  // namespace coven::broker
