#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "coven/result.hpp"
#include "coven/v1/history.pb.h"
#include "epochs.hpp"
#include "moment.hpp"

namespace coven::broker {

/// Named cursors: how far each consumer is. No store: what changed is given to the caller, who
/// answers the consumer once it is stored.
class ConsumerTable {
  public:
    static constexpr std::size_t max_consumers = 10'000;

    /// Why a request about a consumer is refused.
    struct Refusal {
        /// For programs: "consumer_unknown", "fenced", "not_committed", …
        const char* code;
        std::string message;
    };
    using Refused = std::optional<Refusal>;
    /// Where the stream is while the request is answered.
    struct Stream {
        const Epochs& epochs;
        std::uint64_t head;
        std::uint64_t committed;
    };

    /// What a store has kept: see `stored`. False: it is not readable.
    bool restore(std::string_view name, std::string_view bytes);

    /// Takes the consumer over from whoever has it; a new one begins where the request says.
    Refused open(const v1::ConsumerOpenRequest& request, const Stream& stream, const Moment& now,
                 v1::ConsumerOpened& opened);
    /// An older position than the one before changes nothing.
    Refused ack(const v1::ConsumerAckRequest& request, const Stream& stream, const Moment& now);
    Refused remove(const std::string& name);

    /// What the store is to keep under its name.
    std::string stored(const std::string& name) const;
    /// As many as fit, by name.
    v1::ConsumersList list(std::size_t max_bytes) const;
    std::size_t size() const { return consumers_.size(); }

  private:
    using Consumer = v1::ConsumersList::Consumer;

    Refused create(const v1::ConsumerOpenRequest& request, const Stream& stream);

    std::map<std::string, Consumer, std::less<>> consumers_;
};

}  // namespace coven::broker
