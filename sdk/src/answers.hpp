#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include "answer_book.hpp"
#include "coven/bus.hpp"
#include "notice.hpp"

namespace coven {

/// Carries out the calls that the broker hands over, and tells it each outcome until it has
/// confirmed it.
class Answers {
  public:
    /// `core` owns it.
    explicit Answers(Bus::Core& core);

    /// A command's last frame, which was on its way for `age` at most.
    void take(std::string_view frame, Duration age);
    /// Answers calls of `verb` until it is cancelled; then cancels those under way and waits for
    /// their end, so that `answerer` may refer to what its caller owns.
    boost::asio::awaitable<void> serve(std::string verb, Answerer answerer);
    /// Takes nothing more; returns when every outcome is confirmed.
    boost::asio::awaitable<void> drain();

    /// Those that are answered now.
    std::vector<std::string> verbs() const;
    const AnswerBook& book() const { return book_; }

  private:
    using Signals = std::map<std::uint64_t, boost::asio::cancellation_signal*>;
    struct Service {
        Answerer answerer;
        /// Of the calls under way. They belong to the core.
        Signals running;
    };
    /// Shared with the calls under way.
    using Shared = std::shared_ptr<Service>;
    class Registration;

    boost::asio::awaitable<void> serve_to_the_end(std::string verb, Answerer answerer);
    void start(v1::Request call, const Shared& service);
    boost::asio::awaitable<void> carry_out(Shared service, v1::Request call, std::uint64_t number);
    boost::asio::awaitable<v1::Reply> outcome(const Shared& service, const v1::Request& call);
    void tell(const v1::Request& call, v1::Reply reply);
    /// Where there is no room to keep it.
    void tell_once(const v1::Request& call, v1::Reply reply);
    void give_up(const v1::Request& answer, const v1::Reply& reason);
    boost::asio::awaitable<void> deliver(v1::Request answer);
    boost::asio::awaitable<bool> is_confirmed(const v1::Request& answer);

    Bus::Core& core_;
    AnswerBook book_;
    std::map<std::string, Shared> services_;
    std::uint64_t last_number_ = 0;
    /// A call has ended, or an answer was confirmed.
    Notice progress_;
};

}  // namespace coven
