#include "twitch.hpp"

namespace coven::sim {

void introduce(const Twitch& twitch) { twitch.chat.chat().accounts = &twitch.api.accounts(); }

}  // namespace coven::sim
