#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "announcements.hpp"
#include "call_desk.hpp"
#include "connections.hpp"
#include "connector_table.hpp"
#include "coven/clock.hpp"
#include "coven/metrics.hpp"
#include "desk.hpp"
#include "doors.hpp"
#include "history_desk.hpp"
#include "kind_table.hpp"
#include "links.hpp"
#include "request_door.hpp"
#include "settings.hpp"
#include "wanted_channels.hpp"

namespace coven::broker {

/// The loop: moves bytes between the doors, asks the parts what becomes of them, and says what is
/// due. One thread; nothing in it waits but the poll.
class Broker {
  public:
    /// What the loop works with; all of it must outlive this.
    struct Parts {
        Doors& doors;
        const Clock& clock;
        Metrics& metrics;
        DataFolder& folder;
        /// For what runs in threads of its own.
        zmq::context_t& context;
    };

    /// Nothing is stored without a `journal`.
    Broker(const Settings& settings, const Parts& parts, std::unique_ptr<Journal> journal);
    Broker(const Broker&) = delete;
    Broker& operator=(const Broker&) = delete;

    /// Begins an epoch behind what the journal knew. Before `run`.
    Result<void> begin(Recovered recovered);
    std::uint64_t bus_epoch() const { return router_.bus_epoch(); }
    /// Works until `stop` can be read. Fails when the disk does: then nothing is promised any more.
    Result<void> run(int stop);

  private:
    void restore_consumers();
    void restore_channels();
    Moment moment() const;
    /// True: it is time to stop.
    bool wait(int stop);
    std::chrono::milliseconds time_to_next_duty() const;

    void serve_publish();
    void serve_event(const Moment& now);
    /// The one way out of numbered events.
    void hand_on(zmq::message_t& frame);
    void publish_own(std::string frame, const Moment& now);
    /// What the journal and the history thread have to say.
    void serve_storage();

    void serve_requests();
    void serve_subscribe();
    void serve_subscription(const Moment& now);
    void watch_connections();
    /// Who takes nothing is cut off; how each is written to is set.
    void look_at_links();
    void cut(int descriptor, Drop reason);

    void do_duties();
    void send_acks(const Moment& now);
    void send_ack(std::uint64_t producer_id, const Moment& now);
    void announce_gone(const Moment& now);
    void tick(const Moment& now);
    void log_drops(const Moment& now);

    Doors& doors_;
    const Clock& clock_;
    Metrics& metrics_;
    Drops drops_;
    Router router_;
    StateTable states_;
    ConsumerTable consumers_;
    Storage storage_;
    std::unique_ptr<HistoryDesk> history_;
    Connections connections_;
    Links links_;
    ConnectorTable connectors_;
    WantedChannels wanted_channels_;
    KindTable kinds_;
    ChannelTable channels_;
    CallDesk calls_;
    Vitals vitals_;
    Announcer announcer_;
    Desk desk_;
    RequestDoor request_door_;
    zmq::message_t frame_;

    Instant next_tick_;
    Instant last_tick_;
    std::uint64_t last_tick_events_ = 0;
    Instant next_presence_check_;
    Instant next_cut_log_{};
    Instant drops_logged_at_;
    Drops drops_logged_;
};

}  // namespace coven::broker
