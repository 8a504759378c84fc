// Prints all chat on the bus, and what was lost on the way.
#include <iostream>

#include "coven/bus.hpp"
#include "coven/log.hpp"
#include "twitch/v1/chat.pb.h"

int main() {
    coven::Bus bus;
    for (const auto& event : bus.subscribe("twitch.chat.>")) {
        if (event.lost()) std::cout << "lost: " << event.lost()->ShortDebugString() << '\n';
        const auto line = event.payload_as<twitch::v1::ChatMessage>();
        if (!line) continue;
        // Chat may hold anything, also what moves a cursor.
        std::cout << coven::log::escaped(line->display_name() + ": " + line->text()) << std::endl;
    }
}
