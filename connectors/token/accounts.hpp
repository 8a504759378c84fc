#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "account.hpp"
#include "coven/token_watch.hpp"
#include "coven/v1/bus.pb.h"

namespace token {

/// All accounts of the store: who comes is looked after, who goes is not any more.
class Accounts {
  public:
    /// `workshop` must outlive it.
    explicit Accounts(Workshop& workshop);

    /// Works until it is cancelled. Throws when the store cannot be listed or is gone.
    boost::asio::awaitable<void> run(coven::TokenWatch& watch);

    /// Answers to token.refresh and token.validate.
    boost::asio::awaitable<coven::v1::Reply> refresh(coven::v1::Request call);
    boost::asio::awaitable<coven::v1::Reply> validate(coven::v1::Request call);

    struct Presence {
        coven::v1::Presence::State state;
        std::string reason;
    };
    Presence presence() const;

  private:
    /// Shared with the calls that wait for it: the account may go while they do.
    using Shared = std::shared_ptr<Account>;

    void find();
    boost::asio::awaitable<void> hear(coven::TokenWatch& watch);
    boost::asio::awaitable<void> care();
    boost::asio::awaitable<void> care_from(std::size_t first);
    boost::asio::awaitable<void> until_stale();
    /// The account, or the answer that there is none.
    Shared account(const std::string& login) const;
    coven::v1::Reply no_account(const std::string& login) const;

    Workshop& workshop_;
    std::map<std::string, Shared> by_login_;
    /// Those that are cared for now, in the order of their names.
    std::vector<Shared> cared_for_;
    /// Accounts may have come or gone.
    bool is_stale_ = true;
    coven::Bell changed_;
};

}  // namespace token
