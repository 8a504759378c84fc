#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "colour.hpp"
#include "coven/v1/request.pb.h"

namespace coven::cli {

/// What the broker answered about itself and others.
struct Status {
    v1::BrokerStatus broker;
    v1::ConnectorsList connectors;
    v1::ChannelsList::Totals channels;
};

/// What the broker and its connectors do, in lines for people; `now_us` since the Unix epoch.
std::vector<std::string> status_page(const Status& status, std::uint64_t now_us,
                                     const Paint& paint);
std::vector<std::string> channels_page(const v1::ChannelsList& channels, std::uint64_t now_us);
std::vector<std::string> connectors_page(const v1::ConnectorsList& connectors,
                                         std::uint64_t now_us);
std::vector<std::string> topics_page(const v1::TopicsList& topics, std::uint64_t now_us);

}  // namespace coven::cli
