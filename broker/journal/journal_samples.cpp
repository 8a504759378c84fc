#include "journal/journal_samples.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "frame.hpp"
#include "journal/tail_view.hpp"

namespace coven::broker {

namespace {

/// Field 20 of coven.v1.Event, of two bytes of tag: bytes of any length.
constexpr std::string_view raw_tag = "\xa2\x01";

std::string raw_field(std::size_t bytes) {
    std::string field(raw_tag);
    auto left = bytes;
    for (; left >= 0x80; left >>= 7) field += static_cast<char>((left & 0x7f) | 0x80);
    field += static_cast<char>(left);
    for (std::size_t i = 0; i < bytes; ++i) field += static_cast<char>('a' + i % 26);
    return field;
}

}  // namespace

std::string Numbering::next(const Wish& wish) {
    auto frame = wish.topic + '\0';
    const auto least = frame.size() + wish.fields.size() + tail_bytes + raw_tag.size() + 1;
    frame += raw_field(wish.bytes > least ? wish.bytes - least : 0);
    frame += wish.fields;
    Frame said;
    said.producer_id = wish.producer_id;
    said.producer_seq = wish.producer_seq;
    said.flags = wish.flags;
    const auto us = wish.ingest_us != 0 ? wish.ingest_us : microseconds_since_epoch(clock_.now());
    const auto tail = make_tail(said, {bus_epoch_, ++offset_, ++topic_seqs_[wish.topic], 0, us});
    frame.append(tail.data(), tail.size());
    return frame;
}

std::uint64_t offset_in(std::string_view frame) { return TailView(frame).offset(); }

OpenJournal::OpenJournal(const Journal::Options& options)
    : journal_(Journal::open(context_, clock_, options, recovered_).value()) {}

void OpenJournal::poll() {
    const auto deadline = clock_.instant() + disk_deadline;
    journal_->flush();
    while (!has_news(std::min(deadline, journal_->next_flush().value_or(deadline)))) {
        if (clock_.instant() >= deadline) throw std::runtime_error("nothing from the journal");
        journal_->flush();
    }
}

bool OpenJournal::has_news(Instant limit) {
    zmq_pollitem_t item = {journal_->news().handle(), 0, ZMQ_POLLIN, 0};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(limit - clock_.instant());
    return zmq_poll(&item, 1, std::max(0L, static_cast<long>(left.count()))) > 0;
}

void OpenJournal::wait() {
    poll();
    while (journal_->take_news()) continue;
}

News OpenJournal::next(News::Kind kind) {
    const auto deadline = clock_.instant() + disk_deadline;
    while (clock_.instant() < deadline) {
        const auto news = journal_->take_news();
        if (news && news->kind == kind) return *news;
        if (!news) poll();
    }
    throw std::runtime_error("the journal did not say what was expected");
}

void OpenJournal::await(std::uint64_t offset) {
    while (next(News::Kind::committed).offset < offset) continue;
}

std::uint64_t OpenJournal::store(Numbering& numbering, const Numbering::Wish& wish) {
    journal_->append(numbering.next(wish));
    await(numbering.offset());
    return numbering.offset();
}

std::vector<std::variant<StoredFrame, Truncated>> OpenJournal::read(HistoryQuery query) {
    std::vector<std::variant<StoredFrame, Truncated>> all;
    const auto history = journal_->history();
    for (;;) {
        auto batch = history->read(query).value();
        for (auto& record : batch.records) all.push_back(std::move(record));
        if (batch.next.offset >= std::min(batch.committed.offset, query.until)) return all;
        query.from = batch.next;
    }
}

std::vector<std::uint64_t> OpenJournal::offsets(const std::string& pattern, std::uint64_t after) {
    HistoryQuery query;
    query.patterns = {Pattern::parse(pattern).value()};
    query.from = Position{first_sample_epoch, after};
    std::vector<std::uint64_t> offsets;
    for (const auto& record : read(query)) {
        if (const auto* hole = std::get_if<Truncated>(&record)) {
            throw std::runtime_error("there is a hole: " + text_of(*hole));
        }
        offsets.push_back(offset_in(std::get<StoredFrame>(record)));
    }
    return offsets;
}

Journal::Options sample_options(const std::string& folder) {
    Journal::Options options;
    options.folder = folder;
    options.map_bytes = std::size_t{1} << 30;
    return options;
}

std::string text_of(const Truncated& hole) {
    constexpr std::array<const char*, 4> words = {" retention", " corrupt", " purged",
                                                  " not_stored"};
    return hole.family + ' ' + std::to_string(hole.from) + '-' + std::to_string(hole.to) +
           words.at(static_cast<std::size_t>(hole.reason));
}

std::vector<std::string> texts_of(
    const std::vector<std::variant<StoredFrame, Truncated>>& records) {
    std::vector<std::string> texts;
    for (const auto& record : records) {
        const auto* hole = std::get_if<Truncated>(&record);
        texts.push_back(hole != nullptr ? text_of(*hole)
                                        : std::to_string(offset_in(std::get<StoredFrame>(record))));
    }
    return texts;
}

}  // namespace coven::broker
