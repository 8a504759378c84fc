#pragma once

#include <memory>
#include <vector>

#include "live_stream.hpp"
#include "subscription.hpp"

namespace coven {

/// `From::now`: the live stream as it comes.
class LiveReader final : public Subscription::State {
  public:
    LiveReader(std::shared_ptr<Bus::Core> core, std::vector<Pattern> patterns);

    boost::asio::awaitable<void> fetch() override;
    void fetch_at_once() override;
    bool confirmed() const override { return live_.confirmed; }
    std::uint64_t duplicates() const override { return live_.duplicates; }

  private:
    void take();

    LiveStream live_;
};

}  // namespace coven
