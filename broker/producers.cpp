#include "producers.hpp"

#include <algorithm>
#include <utility>

namespace coven::broker {

namespace {

/// wire.md "Publishing": how long a mark is kept, and how often repeats are answered.
constexpr auto mark_life = std::chrono::hours(24);
constexpr auto answer_interval = std::chrono::milliseconds(50);

bool may_answer(const ProducerMark& mark, const Moment& now) {
    return !mark.last_ack || now.instant - *mark.last_ack >= answer_interval;
}

bool can_stage(const ProducerMark& mark) { return mark.staged < mark.stages.size(); }

/// Stages what was used up since, if there is room.
void stage_one(ProducerMark& mark, std::uint64_t offset) {
    const auto last = mark.staged == 0 ? mark.committed_seq : mark.stages[mark.staged - 1].seq;
    if (mark.used_seq == last || !can_stage(mark)) return;
    mark.stages[mark.staged++] = {mark.used_seq, offset};
}

/// Commits what was staged and is settled by now, and stages what came since.
bool settle(ProducerMark& mark, std::uint64_t settled, std::uint64_t head) {
    auto& stages = mark.stages;
    std::size_t done = 0;
    const auto end = mark.unstored_refusal == 0 ? ~std::uint64_t{0} : mark.unstored_refusal;
    const auto settles = [&](const ProducerMark::Stage& stage) {
        return stage.offset <= settled && stage.seq < end;
    };
    while (done < mark.staged && settles(stages[done])) ++done;
    if (done > 0) {
        mark.committed_seq = stages[done - 1].seq;
        std::copy(stages.begin() + done, stages.begin() + mark.staged, stages.begin());
        mark.staged -= done;
    }
    stage_one(mark, head);
    return done > 0;
}

}  // namespace

ProducerMark* Producers::find(std::uint64_t id) {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : &*found->second;
}

ProducerMark& Producers::mark_of(std::uint64_t id, const Moment& now) {
    // Most events come from the one that sent the last.
    if (marks_.empty() || marks_.back().id != id) {
        const auto found = by_id_.find(id);
        if (found != by_id_.end()) {
            marks_.splice(marks_.end(), marks_, found->second);
        } else {
            if (marks_.size() >= limits_.marks) forget_oldest();
            marks_.emplace_back().id = id;
            by_id_.emplace(id, std::prev(marks_.end()));
        }
    }
    marks_.back().last_event = now.instant;
    return marks_.back();
}

std::optional<Drop> Producers::check_order(ProducerMark& mark, std::uint64_t seq,
                                           const Moment& now) {
    if (seq == mark.used_seq + 1) return std::nullopt;
    if (seq == 0) return Drop::seq_missing;
    const bool repeat = seq <= mark.used_seq;
    const bool at_once = !mark.owed && may_answer(mark, now);
    mark.owed = true;
    if (at_once) {
        urgent_.push_back(mark.id);
    } else {
        add_to_news(mark);
    }
    return repeat ? Drop::duplicate : Drop::out_of_order;
}

void Producers::use_up(ProducerMark& mark) {
    ++mark.used_seq;
    add_to_news(mark);
    if (mark.in_unstaged || !can_stage(mark)) return;
    mark.in_unstaged = true;
    unstaged_.push_back(mark.id);
}

void Producers::stage(std::uint64_t head) {
    for (const auto id : unstaged_) {
        ProducerMark* mark = find(id);
        if (mark == nullptr) continue;
        mark->in_unstaged = false;
        stage_one(*mark, head);
    }
    unstaged_.clear();
}

void Producers::refuse(ProducerMark& mark, Drop reason) {
    use_up(mark);
    if (mark.unstored_refusal == 0) mark.unstored_refusal = mark.used_seq;
    if (refused_.empty() || refused_.back() != mark.id) refused_.push_back(mark.id);
    if (mark.refusals.size() >= limits_.refusals) mark.refusals.erase(mark.refusals.begin());
    mark.refusals.push_back({mark.used_seq, reason});
}

void Producers::refusals_stored(std::uint64_t id, std::uint64_t seq) {
    ProducerMark* mark = find(id);
    if (mark == nullptr || mark->refusals.empty()) return;
    mark->unstored_refusal = mark->refusals.back().seq <= seq ? 0 : seq + 1;
}

void Producers::forget_numbers() {
    for (auto& mark : marks_) {
        mark.used_seq = mark.committed_seq = mark.staged = mark.unstored_refusal = 0;
        mark.refusals.clear();
    }
}

void Producers::restore(std::uint64_t id, std::uint64_t seq, Duration age, const Moment& now) {
    auto& mark = mark_of(id, now);
    mark.last_event = now.instant - age;
    mark.used_seq = mark.committed_seq = std::max(mark.used_seq, seq);
    mark.staged = mark.unstored_refusal = 0;
}

const ProducerMark* Producers::find(std::uint64_t id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : &*found->second;
}

void Producers::add_to_news(ProducerMark& mark) {
    if (mark.in_news) return;
    mark.in_news = true;
    news_.push_back(mark.id);
}

std::optional<std::uint64_t> Producers::next_in_round(std::size_t& budget, std::uint64_t settled,
                                                      std::uint64_t head, const Moment& now) {
    for (; round_left_ > 0 && budget > 0; --budget) {
        const auto id = news_.front();
        news_.pop_front();
        --round_left_;
        ProducerMark* mark = find(id);
        if (mark == nullptr) continue;
        const bool committed = settle(*mark, settled, head);
        const bool due = committed || (mark->owed && may_answer(*mark, now));
        mark->in_news = false;
        const bool owed_later = mark->owed && !due;
        if (mark->committed_seq < mark->used_seq || owed_later) add_to_news(*mark);
        if (!due) continue;
        --budget;
        return id;
    }
    return std::nullopt;
}

std::vector<std::uint64_t> Producers::take_urgent() { return std::exchange(urgent_, {}); }

v1::PublishAck Producers::ack(std::uint64_t id, std::uint64_t bus_epoch, const Moment& now) {
    v1::PublishAck ack;
    ack.set_bus_epoch(bus_epoch);
    ack.set_expected_seq(1);
    ProducerMark* mark = find(id);
    if (mark == nullptr) return ack;
    mark->owed = false;
    mark->last_ack = now.instant;
    ack.set_committed_seq(mark->committed_seq);
    ack.set_expected_seq(mark->used_seq + 1);
    for (const auto& refusal : mark->refusals) {
        // Named together with the commit of its number, so that the publisher hears of it once.
        if (refusal.seq > mark->committed_seq) continue;
        auto& rejected = *ack.add_rejected();
        rejected.set_seq(refusal.seq);
        rejected.set_reason(std::string(word(refusal.reason)));
    }
    return ack;
}

void Producers::forget_oldest() {
    by_id_.erase(marks_.front().id);
    marks_.pop_front();
}

void Producers::forget_old(const Moment& now) {
    while (!marks_.empty() && now.instant - marks_.front().last_event >= mark_life) {
        forget_oldest();
    }
}

}  // namespace coven::broker
