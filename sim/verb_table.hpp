#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "verb_arguments.hpp"
#include "verbs.hpp"

namespace coven::sim {

struct Verb {
    static constexpr std::size_t most = 4;

    std::string_view name;
    /// nullptr = no more.
    std::array<const Argument*, most> takes;
    Command::ChatPlay chat_play;
    std::string_view help;
    Command::ApiPlay api_play = nullptr;
};

std::span<const Verb> chat_verbs();
std::span<const Verb> room_verbs();
std::span<const Verb> api_verbs();
// Of EventSub.
std::span<const Verb> happening_verbs();
std::span<const Verb> eventsub_ending_verbs();
std::span<const Verb> eventsub_loss_verbs();

/// What a chat server does anyway.
bool is_chat(const Command& command);

}  // namespace coven::sim
