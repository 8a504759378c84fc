#include "history_reader.hpp"

#include <algorithm>
#include <utility>

#include "ask_broker.hpp"
#include "coven/log.hpp"
#include "notice.hpp"

namespace asio = boost::asio;

namespace coven {

namespace {

/// From one question to the next while the broker stores what was just published.
constexpr Duration first_pause = std::chrono::milliseconds(5);
constexpr Duration longest_pause = std::chrono::milliseconds(250);
/// What is not stored after this may never be.
constexpr Duration patience = std::chrono::seconds(1);

v1::Position position_of(std::uint64_t bus_epoch, std::uint64_t offset) {
    v1::Position position;
    position.set_bus_epoch(bus_epoch);
    position.set_offset(offset);
    return position;
}

}  // namespace

struct HistoryReader::Ahead {
    explicit Ahead(asio::io_context& io) : arrived(io) {}

    std::string wanted;
    Notice arrived;
    /// Without a reply: it is asked again by whoever waits for it.
    bool over = false;
    std::optional<v1::Reply> reply;
};

HistoryReader::HistoryReader(std::shared_ptr<Bus::Core> bus, std::vector<Pattern> patterns,
                             const From& from)
    : State(std::move(bus)), patterns_(std::move(patterns)) {
    for (const auto& pattern : patterns_) request_.add_patterns(pattern.text());
    if (const auto* which = std::get_if<From::Cursor>(&from.choice())) {
        cursor_.emplace(core, *which, patterns_);
        return;
    }
    catch_up_.emplace(from.choice(), core->clock.now());
}

asio::awaitable<void> HistoryReader::fetch() {
    if (cursor_) cursor_->check();
    if (!catch_up_) {
        co_await open_cursor();
        co_return;
    }
    switch (catch_up_->phase()) {
        case CatchUp::Phase::reading:
        case CatchUp::Phase::joining:
            co_await read();
            break;
        case CatchUp::Phase::subscribing:
            co_await subscribe();
            break;
        case CatchUp::Phase::live:
            co_await live_->pump();
            take_live();
            break;
    }
    if (catch_up_->phase() == CatchUp::Phase::reading) live_.reset();
}

void HistoryReader::fetch_at_once() {
    if (!catch_up_ || catch_up_->phase() != CatchUp::Phase::live) return;
    live_->drain();
    take_live();
    if (catch_up_->phase() == CatchUp::Phase::reading) live_.reset();
}

asio::awaitable<void> HistoryReader::open_cursor() {
    const auto position = co_await cursor_->open();
    if (!position) co_return;
    const auto from = From::position(position->bus_epoch(), position->offset());
    catch_up_.emplace(from.choice(), core->clock.now());
}

asio::awaitable<void> HistoryReader::read() {
    if (!further_) co_await wait_for_more();
    if (catch_up_->phase() == CatchUp::Phase::live) co_return;
    auto wanted = request_;
    catch_up_->ask_next(wanted);
    const auto reply = co_await answer_to(std::move(wanted));
    if (!reply) co_return;
    take(payload_of<v1::HistoryBatch>(*reply));
    answered_ = true;
    if (reply->more()) ask_ahead();
}

asio::awaitable<std::optional<v1::Reply>> HistoryReader::answer_to(v1::HistoryReadRequest wanted) {
    const auto ahead = std::exchange(ahead_, nullptr);
    if (!ahead || ahead->wanted != wanted.SerializeAsString()) {
        auto request = request_of("history.read", wanted);
        co_return co_await ask_broker(core, std::move(request));
    }
    while (!ahead->over) co_await ahead->arrived.wait();
    co_return std::move(ahead->reply);
}

void HistoryReader::ask_ahead() {
    auto wanted = request_;
    catch_up_->ask_next(wanted);
    ahead_ = std::make_shared<Ahead>(core->io);
    ahead_->wanted = wanted.SerializeAsString();
    core->start(fill(ahead_, core, request_of("history.read", wanted)),
                [](const std::exception_ptr&) {});
}

asio::awaitable<void> HistoryReader::fill(std::shared_ptr<Ahead> ahead,
                                          std::shared_ptr<Bus::Core> core, v1::Request request) {
    /// However this ends, nobody waits for it any longer.
    struct End {
        explicit End(Ahead& whose) : whose_(whose) {}
        End(const End&) = delete;
        End& operator=(const End&) = delete;
        ~End() {
            whose_.over = true;
            whose_.arrived.wake();
        }
        Ahead& whose_;
    };
    const End end(*ahead);
    ahead->reply = co_await ask_broker(std::move(core), std::move(request));
}

void HistoryReader::take(const v1::HistoryBatch& batch) {
    for (const auto& record : batch.records()) {
        if (record.has_truncated()) {
            waiting.push_back(Event::of_truncation(record.truncated()));
        } else {
            take(record.frame());
        }
    }
    further_ = catch_up_->read_to(batch.next(), batch.committed());
    if (cursor_) cursor_->committed(batch.committed());
    if (!further_) return;
    pause_ = first_pause;
    waited_ = {};
}

void HistoryReader::take(const std::string& frame) {
    auto event = Event::parse(frame);
    if (event.has_error()) {
        log::warn("undecodable_event", {{"reason", event.error().message}});
        return;
    }
    judge(catch_up_->stored(*event), *event);
}

void HistoryReader::judge(CatchUp::Verdict verdict, Event& event) {
    if (verdict == CatchUp::Verdict::hand_out) waiting.push_back(std::move(event));
    if (verdict != CatchUp::Verdict::repeat) return;
    ++duplicates_;
    ++core->subscriptions.duplicates;
}

asio::awaitable<void> HistoryReader::wait_for_more() {
    further_ = true;
    if (catch_up_->phase() != CatchUp::Phase::joining) co_return;
    co_await core->clock.sleep(pause_);
    waited_ += pause_;
    pause_ = std::min(pause_ * 2, longest_pause);
    if (waited_ < patience) co_return;
    waited_ = {};
    const bool stored = co_await is_stored();
    if (stored) co_return;
    if (const auto lost = catch_up_->give_history_up()) waiting.push_back(Event::of_loss(*lost));
}

asio::awaitable<bool> HistoryReader::is_stored() {
    v1::Request request;
    request.set_verb("broker.status");
    const auto reply = co_await ask_broker(core, std::move(request));
    if (!reply) co_return true;
    const auto status = payload_of<v1::BrokerStatus>(*reply);
    co_return status.journal().state() == v1::JournalStatus::STATE_STORING;
}

asio::awaitable<void> HistoryReader::subscribe() {
    if (!live_) live_.emplace(core, patterns_, LiveStream::Use::merge);
    co_await live_->pump();
    if (live_->confirmed) catch_up_->subscribed(live_->barrier());
    further_ = true;
    pause_ = first_pause;
    waited_ = {};
}

void HistoryReader::take_live() {
    for (; !live_->ticks.empty(); live_->ticks.pop_front()) {
        const auto& tick = live_->ticks.front();
        catch_up_->tick();
        if (cursor_) cursor_->committed(position_of(tick.bus_epoch(), tick.committed()));
    }
    for (; !live_->ready.empty(); live_->ready.pop_front()) {
        auto& event = live_->ready.front();
        // History has what is missing here.
        if (event.lost()) {
            ++repairs_;
            ++core->subscriptions.repairs;
            return catch_up_->go_back();
        }
        judge(catch_up_->heard(event), event);
    }
}

void HistoryReader::ack(const Event& event) {
    if (!cursor_) return State::ack(event);
    const auto& message = event.message();
    if (message.offset() == 0) return;
    cursor_->acknowledge(position_of(message.bus_epoch(), message.offset()));
}

asio::awaitable<void> HistoryReader::acks_flushed() {
    if (cursor_) co_await cursor_->flushed();
}

}  // namespace coven
