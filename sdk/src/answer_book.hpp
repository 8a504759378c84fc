#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

#include "coven/v1/request.pb.h"

namespace coven {

/// Which calls a program carries out, and which of its answers the broker has not confirmed yet:
/// decides what is taken. Nothing is taken for whose outcome there would be no room, so no outcome
/// is ever dropped for want of it. No sockets.
class AnswerBook {
  public:
    /// Calls at once; the broker hands over fewer.
    static constexpr std::size_t max_running = 64;
    /// Outcomes that the broker has not confirmed.
    static constexpr std::size_t max_unconfirmed = 1000;
    static constexpr std::size_t max_unconfirmed_bytes = std::size_t{32} << 20;
    /// Of an answer's payload: the broker takes no longer frame than 1 MiB.
    static constexpr std::size_t max_payload_bytes = (std::size_t{1} << 20) - 4096;

    struct Numbers {
        /// Calls that were begun.
        std::uint64_t taken = 0;
        /// By status, those that were not begun, too.
        std::map<v1::Reply::Status, std::uint64_t> answered;
        /// Answers of calls that the broker does not know any more.
        std::uint64_t unwanted = 0;
        /// What the broker sent and nobody can read.
        std::uint64_t malformed = 0;
    };

    /// From now on every call is refused.
    void stop_taking() { takes_ = false; }
    /// Why `call` is not begun; none = it may be. Its `deadline_ms` is what is left.
    std::optional<v1::Reply> refusal(const v1::Request& call) const;
    void begin();
    void end();
    /// `reply` as it is sent.
    v1::Reply answer(const v1::Request& call, v1::Reply reply);
    /// Whether there is room to keep the answer to a call that was refused. One that is not kept is
    /// sent once: without it the caller waits for the deadline.
    bool has_room() const;
    void keep(std::size_t bytes);
    void confirm(std::size_t bytes);
    void count_unwanted() { ++numbers_.unwanted; }
    void count_malformed() { ++numbers_.malformed; }

    bool is_idle() const { return running_ == 0 && unconfirmed_ == 0; }
    std::size_t running() const { return running_; }
    std::size_t unconfirmed() const { return unconfirmed_; }
    const Numbers& numbers() const { return numbers_; }

  private:
    bool takes_ = true;
    std::size_t running_ = 0;
    std::size_t unconfirmed_ = 0;
    std::size_t unconfirmed_bytes_ = 0;
    Numbers numbers_;
};

}  // namespace coven
