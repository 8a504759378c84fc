#include "turnstile.hpp"

#include <utility>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace asio = boost::asio;

namespace coven {

/// A place in the line, for as long as it lives.
class Turnstile::Waiter {
  public:
    explicit Waiter(Turnstile& turnstile)
        : turnstile_(turnstile), bell_(turnstile.executor_, asio::steady_timer::time_point::max()) {
        turnstile_.line_.push_back(this);
    }
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;
    ~Waiter() { std::erase(turnstile_.line_, this); }

    void admit() {
        admitted_.reset(&turnstile_);
        bell_.cancel();
    }

    asio::awaitable<Pass> admission() {
        while (!admitted_) {
            boost::system::error_code woken;
            auto token = asio::redirect_error(asio::use_awaitable, woken);
            co_await bell_.async_wait(token);
        }
        co_return std::move(admitted_);
    }

  private:
    Turnstile& turnstile_;
    asio::steady_timer bell_;
    /// Who is cancelled after having been let in gives it back.
    Pass admitted_;
};

Turnstile::Turnstile(asio::any_io_executor executor, std::size_t places)
    : executor_(std::move(executor)), places_(places) {}

asio::awaitable<Turnstile::Pass> Turnstile::enter() {
    if (inside_ < places_) {
        ++inside_;
        co_return Pass(this);
    }
    Waiter waiter(*this);
    co_return co_await waiter.admission();
}

void Turnstile::leave() {
    if (line_.empty()) {
        --inside_;
        return;
    }
    auto* next = line_.front();
    line_.pop_front();
    next->admit();
}

}  // namespace coven
