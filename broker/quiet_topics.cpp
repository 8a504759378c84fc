#include "quiet_topics.hpp"

#include <utility>

namespace coven::broker {

void QuietTopics::put(Entry entry) {
    const auto due = (entry.topic->heard + silence_of(entry.stage)).time_since_epoch();
    const auto index = static_cast<std::size_t>(due / slot);
    wheel_[index % slots].push_back(entry);
    flag_of(entry) = true;
    ++waiting_;
}

void QuietTopics::heard(TopicEntry& topic) {
    if (topic.awaits_first) return;
    // Nothing waits: the cursor need not walk through the silence since.
    if (waiting_ == 0) cursor_ = topic.heard.time_since_epoch() / slot;
    put({&topic, Stage::first});
}

TopicEntry* QuietTopics::settle(Entry entry, Instant now) {
    if (entry.topic->heard + silence_of(entry.stage) > now) {
        put(entry);
        return nullptr;
    }
    flag_of(entry) = false;
    if (entry.stage == Stage::first && !entry.topic->awaits_second) {
        put({entry.topic, Stage::second});
    }
    return entry.topic;
}

bool QuietTopics::fetch(Instant now) {
    while (working_.empty()) {
        // A slot is due when all of it has passed.
        if (waiting_ == 0 || next_run() > now) return false;
        std::swap(working_, wheel_[static_cast<std::size_t>(cursor_) % slots]);
        ++cursor_;
    }
    return true;
}

}  // namespace coven::broker
