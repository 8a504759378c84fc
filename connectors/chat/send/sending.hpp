#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "coven/bus.hpp"
#include "coven/config.hpp"
#include "coven/token_store.hpp"
#include "coven/token_watch.hpp"
#include "send/deeds.hpp"
#include "send/orders.hpp"
#include "send/send_desk.hpp"

namespace chat {

/// The half of the connector that writes: answers the commands to chat for the accounts that this
/// instance owns.
class Sending {
  public:
    struct Settings {
        /// Logins; empty = all of the token store.
        std::vector<std::string> accounts;
        /// Empty = the first one.
        std::string default_account;
        std::string token_folder;
        /// Of the diary; empty = none.
        std::string data_folder;
        std::string helix_url;
        std::string ca_file;
        SendLimiter::Limits limits;
        IrcVoice::Settings irc;
    };
    /// Fails when a setting is wrong; names it.
    static coven::Result<Settings> read_settings(const coven::Config& config);

    /// All must outlive it.
    Sending(const Settings& settings, coven::Bus& bus, SendNumbers& numbers,
            const boost::asio::any_io_executor& executor);
    Sending(const Sending&) = delete;
    Sending& operator=(const Sending&) = delete;

    /// Works until it is cancelled. To be called once it is known who else is there, as far as it
    /// can be: until then no account is this instance's.
    boost::asio::awaitable<void> run();
    /// What the reading half has heard from Twitch.
    void learn_channel(const std::string& login, const std::string& id) { ids_.learn(login, id); }
    /// The badges of a line tell what `login` is in its channel: an account, or anybody.
    void learn_role(std::string_view login, const IrcLine& line);

  private:
    boost::asio::awaitable<void> answer_from(std::size_t first);
    boost::asio::awaitable<coven::v1::Reply> answer(coven::v1::Request call);
    boost::asio::awaitable<coven::v1::Reply> carry_out(Understood understood);
    coven::Result<SendDesk*> desk_for(const std::string& account, coven::v1::Reply& refusal);
    boost::asio::awaitable<void> work_from(std::size_t first);
    boost::asio::awaitable<void> work_after(std::size_t last);
    boost::asio::awaitable<void> watch_accounts();
    boost::asio::awaitable<void> watch_replicas();
    void share_out();
    std::vector<std::string> logins();
    SendDesk& desk_of(const std::string& login);
    boost::asio::awaitable<SendPast> look_back(std::string account);
    void publish(const twitch::v1::ChatSent& sent);

    const Settings& settings_;
    coven::Bus& bus_;
    SendNumbers& numbers_;
    coven::HttpClient http_;
    ChannelIds ids_;
    std::optional<SendDiary> diary_;
    SendShop shop_;
    std::optional<coven::TokenStore> store_;
    /// Why there are no accounts, where it is not that nobody is logged in.
    std::string fault_;
    Deeds deeds_;
    /// Never taken away: calls may be with them.
    std::vector<std::unique_ptr<SendDesk>> desks_;
    std::map<std::string, SendDesk*, std::less<>> by_login_;
    std::string default_;
    coven::Bell grown_;
};

}  // namespace chat
