#pragma once

#include <cstddef>
#include <deque>
#include <memory>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace coven {

/// Lets so many in at once; the others wait in the order in which they came. Not thread-safe.
class Turnstile {
  public:
    struct Leave {
        void operator()(Turnstile* turnstile) const { turnstile->leave(); }
    };
    /// Whoever holds one is inside.
    using Pass = std::unique_ptr<Turnstile, Leave>;

    Turnstile(boost::asio::any_io_executor executor, std::size_t places);
    Turnstile(const Turnstile&) = delete;
    Turnstile& operator=(const Turnstile&) = delete;

    /// Waits for ever; whoever is cancelled leaves the line. The turnstile must outlive the pass.
    boost::asio::awaitable<Pass> enter();
    std::size_t inside() const { return inside_; }
    std::size_t waiting() const { return line_.size(); }

  private:
    class Waiter;
    void leave();

    boost::asio::any_io_executor executor_;
    const std::size_t places_;
    std::size_t inside_ = 0;
    std::deque<Waiter*> line_;
};

}  // namespace coven
