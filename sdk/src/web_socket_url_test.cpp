#include "web_socket_url.hpp"

#include <gtest/gtest.h>

namespace coven {
namespace {

TEST(WebSocketUrl, IsTakenApart) {
    const struct {
        const char* text;
        const char* parts;
    } rows[] = {
        {"wss://irc-ws.chat.twitch.tv:443",
         "tls irc-ws.chat.twitch.tv 443 / irc-ws.chat.twitch.tv"},
        {"wss://eventsub.wss.twitch.tv/ws?a=1",
         "tls eventsub.wss.twitch.tv 443 /ws?a=1 eventsub.wss.twitch.tv"},
        {"ws://127.0.0.1:8080/", "plain 127.0.0.1 8080 / 127.0.0.1:8080"},
        {"ws://[::1]:9/x", "plain ::1 9 /x [::1]:9"},
        {"ws://host", "plain host 80 / host"},
    };
    for (const auto& row : rows) {
        const auto url = parse_web_socket_url(row.text);
        ASSERT_TRUE(url.has_value()) << row.text;
        EXPECT_EQ((url->secure ? "tls " : "plain ") + url->host + " " + url->port + " " +
                      url->target + " " + url->host_header,
                  row.parts);
    }
}

TEST(WebSocketUrl, RefusesOtherThings) {
    const struct {
        const char* text;
        const char* reason;
    } rows[] = {
        {"", "is malformed"},
        {"irc.chat.twitch.tv", "is malformed"},
        {"https://twitch.tv", "is not ws:// or wss://"},
        {"ws://", "has no host"},
        {"wss://me:secret@host/", "must not hold a user name: '…@host/'"},
        {"wss://me:secret@ho st/", "is malformed, expected ws://host or wss://host: '…@ho st/'"},
        {"ws://127.0.0.1:99999", "has a port that is not from 1 to 65535"},
        {"wss://host/#part", "must not hold a fragment"},
    };
    for (const auto& row : rows) {
        const auto url = parse_web_socket_url(row.text);
        ASSERT_TRUE(url.has_error()) << row.text;
        EXPECT_NE(url.error().message.find(row.reason), std::string::npos) << url.error().message;
    }
}

}  // namespace
}  // namespace coven
