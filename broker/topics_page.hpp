#pragma once

#include <cstddef>

#include "coven/v1/request.pb.h"
#include "router.hpp"

namespace coven::broker {

struct TopicsPage {
    v1::TopicsList topics;
    /// There are more behind the last one.
    bool more = false;
};

/// As many of the wanted topics as fit into `max_bytes`.
TopicsPage topics_page(const Router& router, const v1::TopicsListRequest& wanted,
                       std::size_t max_bytes, const Moment& now);

}  // namespace coven::broker
