#include "lookups.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "coven/race.hpp"

namespace asio = boost::asio;

namespace users {

namespace {

using Kind = UserCache::Found::Kind;
using twitch::v1::User;

}  // namespace

Lookups::Lookups(UserCache& cache, coven::Clock& clock, Numbers& numbers, Twitch twitch,
                 Options options, const asio::any_io_executor& executor)
    : cache_(cache),
      clock_(clock),
      numbers_(numbers),
      twitch_(std::move(twitch)),
      options_(options),
      wanted_(executor),
      ended_(executor) {}

Lookups::Errands Lookups::errands_for(const std::vector<Name>& names) {
    Errands errands;
    for (const auto& name : names) {
        ++numbers_.names;
        const auto kind = cache_.find(name, clock_.now()).kind;
        if (kind == Kind::known || kind == Kind::absent) {
            ++numbers_.from_cache;
            continue;
        }
        auto& errand = under_way_[name];
        if (!errand) {
            errand = std::make_shared<Errand>();
            queue_.push_back(name);
        }
        errands[name] = errand;
    }
    if (!queue_.empty()) wanted_.ring();
    return errands;
}

asio::awaitable<void> Lookups::wait_for(const Errands& errands, coven::Instant until) {
    const auto ended = [](const auto& errand) { return errand.second->ended; };
    while (!std::all_of(errands.begin(), errands.end(), ended)) {
        const auto left = until - clock_.instant();
        if (left <= coven::Duration::zero()) co_return;
        co_await coven::race(ended_.wait(), clock_.sleep(left));
    }
}

twitch::v1::Users Lookups::answer(const std::vector<Name>& names, const Errands& errands) {
    twitch::v1::Users users;
    std::set<std::string> said;
    const auto fail = [&](const Name& name) {
        const auto errand = errands.find(name);
        const bool failed = errand != errands.end() && errand->second->failure;
        users.set_reason(failed ? errand->second->failure->message
                                : "Twitch has not answered yet; ask again");
    };
    for (const auto& name : names) {
        auto found = cache_.find(name, clock_.now());
        const bool is_id = name.kind == Name::Kind::id;
        if (found.kind == Kind::absent) {
            *(is_id ? users.add_absent_ids() : users.add_absent_logins()) = name.text;
        } else if (found.kind == Kind::unknown) {
            *(is_id ? users.add_unasked_ids() : users.add_unasked_logins()) = name.text;
            fail(name);
        } else {
            if (found.kind == Kind::stale) fail(name);
            if (said.insert(found.user.id()).second) users.add_users()->Swap(&found.user);
        }
    }
    return users;
}

asio::awaitable<twitch::v1::Users> Lookups::look_up(std::vector<Name> names,
                                                    coven::Duration limit) {
    const auto errands = errands_for(names);
    co_await wait_for(errands, clock_.instant() + limit);
    co_return answer(names, errands);
}

std::vector<Name> Lookups::take_names() {
    const auto count = std::min(queue_.size(), options_.names_per_call);
    const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(count);
    std::vector<Name> names(queue_.begin(), end);
    queue_.erase(queue_.begin(), end);
    return names;
}

void Lookups::end(const std::vector<Name>& names, const std::optional<coven::Error>& failure) {
    for (const auto& name : names) {
        const auto errand = under_way_.find(name);
        errand->second->ended = true;
        errand->second->failure = failure;
        under_way_.erase(errand);
    }
    ended_.ring();
}

asio::awaitable<void> Lookups::digest(std::vector<Name> names, std::vector<User> found) {
    const auto now = clock_.now();
    std::set<Name> there;
    for (auto& user : found) {
        user.set_seen_us(coven::microseconds_since_epoch(now));
        there.insert({Name::Kind::id, user.id()});
        there.insert({Name::Kind::login, user.login()});
        auto renamed = cache_.learn(user);
        if (renamed) co_await twitch_.renamed(std::move(*renamed));
    }
    for (const auto& name : names) {
        if (!there.contains(name)) cache_.learn_absent(name, now);
    }
}

asio::awaitable<void> Lookups::ask_for(std::vector<Name> names) {
    ++numbers_.calls;
    auto answer = co_await twitch_.ask(names);
    if (answer.has_error()) {
        ++numbers_.failed_calls;
        co_return end(names, answer.error());
    }
    co_await digest(names, std::move(*answer));
    end(names, std::nullopt);
}

asio::awaitable<void> Lookups::ask_for_ever() {
    for (;;) {
        while (queue_.empty()) co_await wanted_.wait();
        if (queue_.size() < options_.names_per_call) co_await clock_.sleep(options_.gather);
        auto names = take_names();
        if (!names.empty()) co_await ask_for(std::move(names));
    }
}

asio::awaitable<void> Lookups::ask_at_once(std::size_t calls) {
    if (calls <= 1) co_return co_await ask_for_ever();
    co_await coven::race(ask_for_ever(), ask_at_once(calls - 1));
}

asio::awaitable<void> Lookups::run() { return ask_at_once(options_.calls_at_once); }

}  // namespace users
