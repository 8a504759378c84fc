#include "generator.hpp"

#include <array>
#include <cctype>
#include <utility>

namespace coven::sim {
namespace {

using namespace std::string_view_literals;

constexpr std::array syllables = {"ka"sv,  "ri"sv, "mo"sv,  "ten"sv, "lu"sv, "shi"sv,
                                  "bo"sv,  "ra"sv, "vel"sv, "zu"sv,  "ne"sv, "ki"sv,
                                  "dor"sv, "fa"sv, "ly"sv,  "um"sv};
constexpr std::array names_elsewhere = {"夜の猫"sv, "ゲーム太郎"sv, "겨울나무"sv, "小明"sv,
                                        "星空"sv};
constexpr std::array badges = {
    "premium/1"sv, "no_audio/1"sv,  "sub-gifter/5"sv, "bits/1000"sv,          "turbo/1"sv,
    "vip/1"sv,     "moderator/1"sv, "partner/1"sv,    "predictions/blue-1"sv, "glhf-pledge/1"sv};

std::string make_login(std::mt19937_64& random, std::size_t index) {
    std::string login;
    const auto parts = 2 + below(random, 3);
    for (std::size_t i = 0; i < parts; ++i) login += syllables[below(random, syllables.size())];
    if (happens(random, 30)) login += '_';
    return login + std::to_string(index);
}

std::string make_display_name(std::mt19937_64& random, const std::string& login) {
    if (happens(random, 6))
        return std::string(names_elsewhere[below(random, names_elsewhere.size())]);
    auto name = login;
    if (happens(random, 60)) name[0] = static_cast<char>(std::toupper(name[0]));
    return name;
}

std::string make_color(std::mt19937_64& random) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    if (happens(random, 15)) return "";
    std::string color = "#";
    for (int i = 0; i < 6; ++i) color += digits[below(random, digits.size())];
    return color;
}

void add_badges(Person& person, std::mt19937_64& random) {
    if (happens(random, 35)) {
        const auto months = 1 + below(random, 90);
        person.badge_info = "subscriber/" + std::to_string(months);
        person.badges = "subscriber/" + std::to_string(months - months % 3);
    }
    if (!happens(random, 40)) return;
    if (!person.badges.empty()) person.badges += ',';
    person.badges += badges[below(random, badges.size())];
}

Person make_person(std::mt19937_64& random, std::size_t index) {
    auto person = plain_person(make_login(random, index));
    person.display_name = make_display_name(random, person.login);
    person.color = make_color(random);
    add_badges(person, random);
    return person;
}

std::string hex_nonce(std::mt19937_64& random) {
    auto nonce = uuid_v4(random);
    std::erase(nonce, '-');
    return nonce;
}

}  // namespace

Generator::Generator(std::vector<std::string> channels, Options options)
    : channels_(std::move(channels)), random_(options.seed), last_(channels_.size()) {
    people_.reserve(options.people);
    for (std::size_t i = 0; i < options.people; ++i) people_.push_back(make_person(random_, i));
}

const ChatMessage& Generator::next(const std::vector<std::size_t>& among, Time now) {
    const auto channel = among[below(random_, among.size())];
    message_ = ChatMessage{};
    message_.channel = channels_[channel];
    message_.from = people_[below(random_, people_.size())];
    message_.id = uuid_v4(random_);
    message_.sent = now;
    message_.is_first = happens(random_, 1);
    message_.is_returning = !message_.is_first && happens(random_, 1);
    if (happens(random_, 60)) message_.client_nonce = hex_nonce(random_);
    composer_.clear();
    maybe_reply(channel);
    add_rarities();
    write_text();
    remember(channel);
    return message_;
}

void Generator::maybe_reply(std::size_t channel) {
    if (!last_[channel] || !happens(random_, 4)) return;
    message_.parent = last_[channel];
    composer_.add_word("@" + message_.parent->display_name);
}

void Generator::add_rarities() {
    if (happens(random_, 2)) message_.voice = ChatMessage::Voice::action;
    if (happens(random_, 1)) {
        message_.more_tags = "bits=100";
        composer_.add_word("Cheer100");
    } else if (happens(random_, 0.5)) {
        message_.more_tags = "msg-id=highlighted-message";
    } else if (happens(random_, 0.5)) {
        message_.more_tags = "custom-reward-id=" + uuid_v4(random_);
    }
}

void Generator::write_text() {
    compose(composer_, random_);
    message_.text = composer_.text();
    message_.emotes = composer_.emotes();
}

void Generator::remember(std::size_t channel) {
    if (!happens(random_, 20)) return;
    last_[channel] = Parent{.id = message_.id,
                            .login = message_.from.login,
                            .display_name = message_.from.display_name,
                            .user_id = message_.from.id,
                            .text = message_.text};
}

std::vector<std::string> numbered_channels(std::size_t count) {
    std::vector<std::string> channels;
    channels.reserve(count);
    for (std::size_t i = 1; i <= count; ++i) {
        const auto number = std::to_string(i);
        channels.push_back("sim_" + std::string(number.size() < 4 ? 4 - number.size() : 0, '0') +
                           number);
    }
    return channels;
}

}  // namespace coven::sim
