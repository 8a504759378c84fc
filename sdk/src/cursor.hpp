#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "acknowledgements.hpp"
#include "core.hpp"
#include "coven/from.hpp"

namespace coven {

/// A named cursor at the broker: opened once, then told what is acknowledged, in the background.
class Cursor {
  public:
    Cursor(std::shared_ptr<Bus::Core> core, From::Cursor which,
           const std::vector<Pattern>& patterns);
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;
    /// Sends what can still be sent.
    ~Cursor();

    /// Where to read on; nothing when the broker did not answer. Throws when it refuses.
    boost::asio::awaitable<std::optional<v1::Position>> open();
    void acknowledge(const v1::Position& position);
    /// How far the broker has stored events.
    void committed(const v1::Position& position);
    /// Throws when the cursor is not ours any more.
    void check() const;
    /// Returns when all that was acknowledged is stored.
    boost::asio::awaitable<void> flushed();

  private:
    /// What the job in the background, which may live longer, has in common with this.
    struct Shared {
        std::string name;
        std::uint64_t generation = 0;
        std::optional<Acknowledgements> acks;
        /// Why the broker takes no more acknowledgements from us.
        std::string refusal;
        bool closed = false;
    };

    static v1::Request ack_request(const Shared& shared, const v1::Position& position);
    static boost::asio::awaitable<void> keep_sending(std::shared_ptr<Bus::Core> core,
                                                     std::shared_ptr<Shared> shared);
    static void take_answer(Shared& shared, const v1::Position& position, const v1::Reply& reply);

    const std::shared_ptr<Bus::Core> core_;
    const From::NewCursor begins_;
    v1::ConsumerOpenRequest request_;
    const std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
};

}  // namespace coven
