#include "consumer_table.hpp"

#include "coven/topic.hpp"

namespace coven::broker {

namespace {

constexpr std::size_t max_patterns = 100;
/// Tag and length of one entry of a list, and room for the list's own fields.
constexpr std::size_t entry_overhead_bytes = 4;
constexpr std::size_t list_overhead_bytes = 128;

using Refusal = ConsumerTable::Refusal;

v1::Position at(const Epoch& epoch, std::uint64_t offset) {
    v1::Position position;
    position.set_bus_epoch(epoch.bus_epoch);
    position.set_offset(offset);
    return position;
}

Refusal unknown(const std::string& name) {
    return {"consumer_unknown", "there is no consumer '" + name + "': say consumer.open"};
}

std::optional<Refusal> check(const v1::ConsumerOpenRequest& request) {
    if (const char* fault = word_fault(request.name())) {
        return Refusal{"consumer_malformed", std::string("name ") + fault};
    }
    if (request.patterns_size() > static_cast<int>(max_patterns)) {
        return Refusal{"consumer_malformed", "there are more than 100 patterns"};
    }
    for (const auto& pattern : request.patterns()) {
        const char* fault = pattern_fault(pattern);
        if (fault != nullptr) {
            return Refusal{"consumer_malformed", "pattern '" + pattern + "' " + fault};
        }
    }
    return std::nullopt;
}

}  // namespace

bool ConsumerTable::restore(std::string_view name, std::string_view bytes) {
    Consumer consumer;
    const bool read = consumer.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
    if (!read || consumer.name() != name) return false;
    consumers_.insert_or_assign(std::string(name), std::move(consumer));
    return true;
}

ConsumerTable::Refused ConsumerTable::create(const v1::ConsumerOpenRequest& request,
                                             const Stream& stream) {
    if (consumers_.size() >= max_consumers) {
        return Refusal{"too_many_consumers", "there are 10000 consumers: remove some"};
    }
    const auto& running = stream.epochs.running();
    auto start = at(running, stream.head);
    if (request.has_oldest()) start = at(stream.epochs.all().front(), 0);
    if (request.has_after()) {
        if (!stream.epochs.offset_of(request.after())) {
            return Refusal{"position_unknown", "the epoch of 'after' is yet to come"};
        }
        start = request.after();
    }
    auto& consumer = consumers_[request.name()];
    consumer.set_name(request.name());
    *consumer.mutable_position() = start;
    return std::nullopt;
}

ConsumerTable::Refused ConsumerTable::open(const v1::ConsumerOpenRequest& request,
                                           const Stream& stream, const Moment& now,
                                           v1::ConsumerOpened& opened) {
    if (auto refused = check(request)) return refused;
    const bool is_new = !consumers_.contains(request.name());
    auto refused = is_new ? create(request, stream) : std::nullopt;
    if (refused) return refused;
    auto& consumer = consumers_[request.name()];
    consumer.set_generation(consumer.generation() + 1);
    consumer.set_last_us(now.unix_us);
    *consumer.mutable_patterns() = request.patterns();
    *opened.mutable_position() = consumer.position();
    opened.set_generation(consumer.generation());
    opened.set_created(is_new);
    return std::nullopt;
}

ConsumerTable::Refused ConsumerTable::ack(const v1::ConsumerAckRequest& request,
                                          const Stream& stream, const Moment& now) {
    const auto found = consumers_.find(request.name());
    if (found == consumers_.end()) return unknown(request.name());
    auto& consumer = found->second;
    if (request.generation() != consumer.generation()) {
        return Refusal{"fenced", "somebody else has opened '" + request.name() +
                                     "' since: open it again to take it back"};
    }
    const auto offset = stream.epochs.offset_of(request.position());
    if (!offset || *offset > stream.committed) {
        return Refusal{"not_committed", "the position is past what is committed, offset " +
                                            std::to_string(stream.committed) +
                                            ": acknowledge it again later"};
    }
    consumer.set_last_us(now.unix_us);
    const auto before = stream.epochs.offset_of(consumer.position());
    if (!before || *offset > *before) *consumer.mutable_position() = request.position();
    return std::nullopt;
}

ConsumerTable::Refused ConsumerTable::remove(const std::string& name) {
    if (consumers_.erase(name) == 0) return unknown(name);
    return std::nullopt;
}

std::string ConsumerTable::stored(const std::string& name) const {
    return consumers_.at(name).SerializeAsString();
}

v1::ConsumersList ConsumerTable::list(std::size_t max_bytes) const {
    v1::ConsumersList list;
    std::size_t bytes = list_overhead_bytes;
    for (const auto& [name, consumer] : consumers_) {
        bytes += consumer.ByteSizeLong() + entry_overhead_bytes;
        if (bytes > max_bytes) return list;
        *list.add_consumers() = consumer;
    }
    return list;
}

}  // namespace coven::broker
