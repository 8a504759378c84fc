#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "room.hpp"

namespace coven::sim {

/// Which sessions each account has, and how many rooms it takes up with them together.
class Attendance {
  public:
    /// `member` must go before it dies.
    void come(Member& member);
    void go(Member& member);
    /// All sessions of an account. Valid until somebody comes or goes.
    const std::vector<Member*>& sessions(std::string_view login) const;

    /// A session of `login` has come into `room`, or left it.
    void enter(const std::string& login, const std::string& room);
    void leave(const std::string& login, const std::string& room);
    bool sits_in(const std::string& login, std::string_view room) const;
    /// Different ones.
    std::size_t rooms(const std::string& login) const;
    /// Different ones for which `counts` holds.
    std::size_t rooms(const std::string& login,
                      const std::function<bool(std::string_view room)>& counts) const;

  private:
    struct Account {
        std::vector<Member*> sessions;
        /// How many of its sessions sit there.
        std::map<std::string, std::size_t, std::less<>> rooms;
    };

    std::map<std::string, Account, std::less<>> accounts_;
};

}  // namespace coven::sim
