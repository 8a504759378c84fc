#include "watch.hpp"

#include "coven/daemon.hpp"
#include "run.hpp"
#include "safe_text.hpp"
#include "setup.hpp"

namespace asio = boost::asio;

namespace coven::cli {

asio::awaitable<void> Patience::run() {
    co_await clock_.sleep(broker_limit);
    if (!over_) {
        say("no broker at " + safe_text(address_) + ": is `coven up` running? Waiting for it");
    }
    co_await sleep_for(clock_, std::nullopt);
}

asio::awaitable<Viewer::Step> watch(Subscription& subscription, Viewer& viewer, Patience& patience,
                                    Shown shown) {
    co_await subscription.ready();
    patience.broker_is_there();
    // Whoever started us may publish now: from here on nothing is missed.
    notify_ready({});
    auto step = Viewer::Step::go_on;
    while (step == Viewer::Step::go_on) {
        const auto event = co_await subscription.next();
        step = viewer.show(event);
        const bool seen = step == Viewer::Step::go_on || step == Viewer::Step::enough;
        if (seen && shown == Shown::acknowledged) subscription.ack(event);
    }
    co_return step;
}

}  // namespace coven::cli
