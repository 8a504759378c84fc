#pragma once

#include <string>
#include <vector>

#include "coven/v1/request.pb.h"
#include "routes.hpp"

namespace coven::broker {

/// What is to be done for calls. Replies wait until everything in `stores` is stored: who was told
/// an outcome can ask for it again, whatever happens to the broker.
struct CallWork {
    /// Its `id` is the call's, its `deadline_ms` what is left.
    struct Dispatch {
        ConnectorName to;
        v1::Request request;
    };
    struct Answer {
        std::string envelope;
        v1::Reply reply;
    };

    /// To be stored under their `call_id`, in place of what was there; then
    /// `CallTable::stored(call_id)`.
    std::vector<v1::StoredCall> stores;
    /// Ids of calls that the store is to forget.
    std::vector<std::string> forgotten;
    std::vector<Dispatch> dispatches;
    std::vector<Answer> answers;
};

}  // namespace coven::broker
