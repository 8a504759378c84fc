#pragma once

#include <memory>
#include <vector>

#include "live_stream.hpp"
#include "state_merge.hpp"
#include "subscription.hpp"

namespace coven {

/// `From::state`: does what StateMerge decides.
class StateReader final : public Subscription::State {
  public:
    StateReader(std::shared_ptr<Bus::Core> core, const std::vector<Pattern>& patterns);

    boost::asio::awaitable<void> fetch() override;
    void fetch_at_once() override;
    bool confirmed() const override { return live_.confirmed; }
    std::uint64_t duplicates() const override { return live_.duplicates; }

  private:
    boost::asio::awaitable<void> read_page();
    void take_live();

    v1::StateReadRequest request_;
    LiveStream live_;
    StateMerge merge_;
    bool snapshot_due_ = true;
};

}  // namespace coven
