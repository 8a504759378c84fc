#include "send/sending.hpp"

#include <algorithm>
#include <utility>

#include "channel_login.hpp"
#include "coven/command.hpp"
#include "coven/in_quotes.hpp"
#include "coven/log.hpp"
#include "coven/race.hpp"
#include "coven/state_folder.hpp"
#include "coven/store_token_source.hpp"
#include "coven/topic.hpp"
#include "irc_session.hpp"
#include "send/replies.hpp"
#include "send/sent_history.hpp"

namespace asio = boost::asio;

namespace chat {

using coven::v1::Reply;
using twitch::v1::ChatSent;

namespace {

constexpr const char* login_command = "coven login --scopes user:write:chat,chat:read,chat:edit";

coven::HttpClient::Options http_options(const Sending::Settings& settings) {
    coven::HttpClient::Options options;
    options.ca_file = settings.ca_file;
    return options;
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

}  // namespace

coven::Result<Sending::Settings> Sending::read_settings(const coven::Config& config) {
    Settings settings;
    auto accounts = parse_channel_logins(config.list("chat.accounts"));
    if (!accounts) return coven::Error("chat.accounts: " + accounts.error().message);
    settings.accounts = std::move(*accounts);
    settings.default_account = config.text("chat.default_account");
    const auto& preferred = settings.default_account;
    const bool is_listed = preferred.empty() || settings.accounts.empty() ||
                           std::find(settings.accounts.begin(), settings.accounts.end(),
                                     preferred) != settings.accounts.end();
    if (!is_listed) {
        return coven::Error("chat.default_account is none of chat.accounts: '" + preferred + "'");
    }
    // Whoever only reads needs neither folder.
    const auto tokens = coven::token_folder_of(config);
    if (tokens.has_value()) settings.token_folder = *tokens;
    settings.data_folder = config.text("chat.data");
    if (settings.data_folder.empty()) {
        settings.data_folder = coven::state_folder("chat").value_or("");
    }
    settings.helix_url = config.text("twitch.helix_url");
    settings.ca_file = config.text("twitch.ca_file");
    settings.limits.window = config.duration("chat.send_window");
    settings.irc.url = config.text("twitch.chat_url");
    settings.irc.socket.ca_file = settings.ca_file;
    settings.irc.answer_limit = config.duration("chat.send_answer_limit");
    return settings;
}

Sending::Sending(const Settings& settings, coven::Bus& bus, SendNumbers& numbers,
                 const asio::any_io_executor& executor)
    : settings_(settings),
      bus_(bus),
      numbers_(numbers),
      http_(executor, bus.clock(), http_options(settings)),
      ids_(bus.clock()),
      shop_{bus.clock(),
            http_,
            ids_,
            numbers,
            executor,
            nullptr,
            settings.limits,
            settings.irc,
            settings.helix_url,
            {},
            {}},
      deeds_(bus.clock(), ids_),
      grown_(executor) {
    // Others may own the accounts.
    bus_.answer_for({});
    shop_.publish = [this](const ChatSent& sent) { publish(sent); };
    shop_.look_back = [this](std::string account) { return look_back(std::move(account)); };
    if (!settings_.data_folder.empty()) {
        auto diary = SendDiary::open(settings_.data_folder + "/sent");
        if (diary.has_value()) diary_ = std::move(*diary);
        if (diary.has_error()) coven::log::warn("no_diary", {{"reason", diary.error().message}});
    }
    if (diary_) shop_.diary = &*diary_;
    if (settings_.token_folder.empty()) {
        fault_ = "there is no folder for tokens: set [twitch] token_folder";
        return;
    }
    auto store = coven::TokenStore::open(settings_.token_folder);
    if (store.has_value()) store_.emplace(std::move(*store));
    if (store.has_error()) fault_ = store.error().message;
}

void Sending::learn_role(std::string_view login, const IrcLine& line) {
    const auto found = by_login_.find(login);
    if (found == by_login_.end() || is_copy(line)) return;
    found->second->learn_role(channel_of(line), standing_in(line));
}

asio::awaitable<void> Sending::run() {
    share_out();
    auto answering = coven::race(answer_from(0), work_from(0));
    auto watching = coven::race(watch_accounts(), watch_replicas());
    co_await coven::race(std::move(answering), std::move(watching));
}

asio::awaitable<void> Sending::answer_from(std::size_t first) {
    const coven::Answerer answerer = [this](coven::v1::Request call) {
        return answer(std::move(call));
    };
    auto own = bus_.answer(chat_verbs.at(first), answerer);
    if (first + 1 == chat_verbs.size()) {
        co_await std::move(own);
        co_return;
    }
    co_await coven::race(std::move(own), answer_from(first + 1));
}

/// One job for each desk; the list only grows.
asio::awaitable<void> Sending::work_from(std::size_t first) {
    while (desks_.size() <= first) co_await grown_.wait();
    auto& desk = *desks_[first];
    co_await coven::race(desk.run(), work_after(first));
}

/// A function of its own, since clang takes a chain without an end for a mistake.
asio::awaitable<void> Sending::work_after(std::size_t last) { return work_from(last + 1); }

asio::awaitable<void> Sending::watch_accounts() {
    const auto executor = co_await asio::this_coro::executor;
    coven::Bell never(executor);
    if (!store_) co_return co_await never.wait();
    const auto watch = coven::TokenWatch::open(executor, *store_);
    // What changed before the watch began, too.
    share_out();
    if (watch.has_error()) {
        // Reading goes on, and so does writing for those who are logged in now.
        coven::log::warn("accounts_not_watched", {{"reason", watch.error().message}});
        co_return co_await never.wait();
    }
    for (;;) {
        co_await (*watch)->next();
        share_out();
    }
}

asio::awaitable<void> Sending::watch_replicas() {
    for (;;) {
        co_await bus_.replicas_changed();
        share_out();
    }
}

std::vector<std::string> Sending::logins() {
    if (!settings_.accounts.empty()) return settings_.accounts;
    if (!store_) return {};
    auto logins = store_->logins();
    if (logins.has_value()) return std::move(*logins);
    fault_ = logins.error().message;
    return {};
}

SendDesk& Sending::desk_of(const std::string& login) {
    const auto known = by_login_.find(login);
    if (known != by_login_.end()) return *known->second;
    auto tokens = std::make_unique<coven::StoreTokenSource>(*store_, bus_, login);
    desks_.push_back(std::make_unique<SendDesk>(shop_, login, std::move(tokens)));
    by_login_.emplace(login, desks_.back().get());
    grown_.ring();
    return *desks_.back();
}

/// Opens the desks of the accounts that are this instance's, and closes the others.
void Sending::share_out() {
    const auto all = logins();
    default_ = settings_.default_account;
    if (default_.empty() && !all.empty()) default_ = all.front();
    const auto& own_name = bus_.identity().instance;
    const auto is_own = [this, &own_name](const std::string& key) {
        return coven::owner_of(key, bus_.replicas()) == own_name;
    };
    std::vector<std::string> targets;
    for (const auto& login : all) {
        if (store_ && is_own(login)) targets.push_back(login);
    }
    for (const auto& [login, desk] : by_login_) {
        if (std::find(targets.begin(), targets.end(), login) == targets.end()) desk->close();
    }
    for (const auto& login : targets) desk_of(login).open();
    // Somebody must say that there is no account.
    if (is_own(default_.empty() ? "-" : default_)) targets.push_back("*");
    bus_.answer_for(std::move(targets));
}

asio::awaitable<Reply> Sending::answer(coven::v1::Request call) {
    auto understood = understand(call, bus_.clock());
    auto reply = co_await carry_out(std::move(understood));
    ++numbers_.answers[reply.status()];
    co_return reply;
}

asio::awaitable<Reply> Sending::carry_out(Understood understood) {
    if (auto* reply = std::get_if<Reply>(&understood.what)) co_return std::move(*reply);
    Reply refusal;
    const auto desk = desk_for(understood.account, refusal);
    if (desk.has_error()) co_return refusal;
    if (auto* order = std::get_if<SendOrder>(&understood.what)) {
        co_return co_await (*desk)->send(std::move(*order));
    }
    auto deed = std::move(std::get<Deed>(understood.what));
    co_return co_await deeds_.carry_out(**desk, std::move(deed));
}

coven::Result<SendDesk*> Sending::desk_for(const std::string& account, Reply& refusal) {
    const auto refuse = [&refusal](const std::string& code, const std::string& message) {
        refusal = not_able(code, message);
        return coven::Error(message);
    };
    if (!fault_.empty() && by_login_.empty()) return refuse("no_token_store", fault_);
    const auto& login = account.empty() ? default_ : account;
    if (login.empty()) {
        return refuse("account_missing",
                      std::string("nobody is logged in who could write to chat: ") + login_command);
    }
    const auto found = by_login_.find(login);
    if (found != by_login_.end() && found->second->is_open()) return found->second;
    const auto all = logins();
    if (std::find(all.begin(), all.end(), login) != all.end()) {
        return refuse("account_elsewhere", "another instance of coven-chat sends for '" + login +
                                               "': make it the request's target");
    }
    const auto others = all.empty() ? std::string("nobody") : joined(all);
    return refuse("account_missing", coven::in_quotes(login) + " is not logged in here, only " +
                                         others + "; " + login_command);
}

asio::awaitable<SendPast> Sending::look_back(std::string account) {
    const auto span = std::chrono::duration_cast<std::chrono::microseconds>(
        settings_.limits.window + settings_.limits.margin + settings_.irc.answer_limit);
    const auto since = bus_.clock().now() - span;
    SendPast past;
    if (diary_) {
        auto noted = diary_->read(account, since);
        if (noted.has_value()) past.diary = std::move(*noted);
    }
    auto read = co_await sent_history(bus_, std::move(account), since);
    if (read.has_value()) past.history = std::move(*read);
    const auto& replicas = bus_.replicas();
    const bool alone = replicas.there.size() <= 1 && replicas.gone.empty();
    past.company = alone ? SendPast::Company::none : SendPast::Company::others;
    co_return past;
}

void Sending::publish(const ChatSent& sent) {
    const auto topic = coven::Topic::parse("twitch.chat." + sent.channel() + ".sent");
    if (topic.has_error()) return;
    coven::v1::Event event;
    event.set_type("tv.twitch.chat.sent");
    event.set_id(sent.message_id());
    event.set_channel_login(sent.channel());
    event.set_channel_id(sent.channel_id());
    event.set_occurred_us(sent.settled_us());
    event.mutable_proto_data()->PackFrom(sent);
    if (bus_.publish(*topic, event) == coven::Published::queued) return;
    coven::log::warn("event_dropped",
                     {{"topic", topic->text()}, {"reason", "the broker does not answer"}});
}

}  // namespace chat
