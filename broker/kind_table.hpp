#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "connector_table.hpp"
#include "coven/v1/request.pb.h"
#include "moment.hpp"
#include "wanted_channels.hpp"

namespace coven::broker {

/// What the connectors of one kind have to know, of each other and of the channels that people
/// added and removed, in versions: each change makes a new one, a heartbeat alone none. No two
/// versions of a broker are the same, over restarts either.
class KindTable {
  public:
    /// A broker that is younger may not have heard of everybody: longer than a connector may be
    /// silent, and the beat that comes after that.
    static constexpr auto settling_time = std::chrono::seconds(4);

    /// Both must outlive this; nobody else takes the kinds that changed from them.
    KindTable(ConnectorTable& connectors, WantedChannels& wanted)
        : connectors_(connectors), wanted_(wanted) {}

    /// Before the first heartbeat; `bus_epoch` is the first one of this life of the broker.
    void begin(std::uint64_t bus_epoch, const Moment& now);
    /// For an instance of `kind` that has `version`; nothing = that is the current one.
    std::optional<v1::ConnectorKind> news(const std::string& kind, std::uint64_t version,
                                          const Moment& now);

  private:
    void catch_up(const Moment& now);
    void change(const std::string& kind);
    void change_all() { version_of_all_ = ++last_version_; }
    std::uint64_t version_of(const std::string& kind) const;

    ConnectorTable& connectors_;
    WantedChannels& wanted_;
    /// Of the last change of each kind that has instances, and of the last one of all kinds.
    std::map<std::string, std::uint64_t> versions_;
    std::uint64_t version_of_all_ = 0;
    std::uint64_t last_version_ = 0;
    Instant settles_at_{};
    bool settling_ = true;
};

}  // namespace coven::broker
