#include "twitch.hpp"

namespace coven::sim {

void introduce(const Twitch& twitch) {
    twitch.chat.chat().accounts = &twitch.api.accounts();
    twitch.api.set_chat(twitch.chat.chat());
}

}  // namespace coven::sim
