#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "catch_up.hpp"
#include "cursor.hpp"
#include "live_stream.hpp"
#include "subscription.hpp"

namespace coven {

/// A subscription with a past: does what CatchUp decides.
class HistoryReader final : public Subscription::State {
  public:
    HistoryReader(std::shared_ptr<Bus::Core> core, std::vector<Pattern> patterns, const From& from);

    boost::asio::awaitable<void> fetch() override;
    void fetch_at_once() override;
    bool confirmed() const override { return answered_; }
    std::uint64_t duplicates() const override { return duplicates_; }
    std::uint64_t repairs() const override { return repairs_; }
    void ack(const Event& event) override;
    boost::asio::awaitable<void> acks_flushed() override;

  private:
    boost::asio::awaitable<void> open_cursor();
    boost::asio::awaitable<void> read();
    boost::asio::awaitable<void> subscribe();
    /// After an answer without anything new.
    boost::asio::awaitable<void> wait_for_more();
    boost::asio::awaitable<bool> is_stored();
    boost::asio::awaitable<std::optional<v1::Reply>> answer_to(v1::HistoryReadRequest wanted);
    /// Asks for the next batch, while the one that is there is handed out.
    void ask_ahead();
    void take(const v1::HistoryBatch& batch);
    void take(const std::string& frame);
    void take_live();
    void judge(CatchUp::Verdict verdict, Event& event);

    const std::vector<Pattern> patterns_;
    v1::HistoryReadRequest request_;
    std::optional<Cursor> cursor_;
    /// Nothing until the cursor is open.
    std::optional<CatchUp> catch_up_;
    std::optional<LiveStream> live_;
    /// A question that is under way, shared with the job that asks it; null = none is.
    struct Ahead;
    static boost::asio::awaitable<void> fill(std::shared_ptr<Ahead> ahead,
                                             std::shared_ptr<Bus::Core> core, v1::Request request);
    std::shared_ptr<Ahead> ahead_;
    bool answered_ = false;
    bool further_ = true;
    Duration pause_{};
    Duration waited_{};
    std::uint64_t duplicates_ = 0;
    std::uint64_t repairs_ = 0;
};

}  // namespace coven
