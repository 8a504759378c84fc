#include "certificates.hpp"

#include <fstream>
#include <functional>

#include <boost/asio/this_coro.hpp>
#include <gtest/gtest.h>

#include "coven/connector.hpp"
#include "coven/temp_folder.hpp"
#include "stage_for_test.hpp"

namespace asio = boost::asio;

namespace coven::sim {
namespace {

using asio::experimental::awaitable_operators::operator||;

/// One client's way in, and what came of it.
struct Attempt {
    Stage& stage;
    std::string ca_file;
    Bell over;
    std::string outcome;
};

asio::awaitable<void> enter(Attempt& attempt) {
    WebSocket::Options options;
    options.ca_file = attempt.ca_file;
    const auto url = attempt.stage.server->tls_url("localhost");
    TestClient client(co_await WebSocket::connect(attempt.stage.clock, url, options));
    co_await client.socket->write("NICK justinfan1\r\n");
    co_await client.line_with(" 376 ");
    attempt.outcome = "welcome";
    attempt.over.ring();
}

asio::awaitable<void> try_once(Attempt& attempt) {
    const std::function<asio::awaitable<void>()> job = [&attempt] { return enter(attempt); };
    const auto lost = [&attempt](const std::string& reason, std::chrono::milliseconds) {
        if (attempt.outcome.empty()) attempt.outcome = reason;
        attempt.over.ring();
    };
    const Backoff backoff({}, 1);
    co_await (keep_running(attempt.stage.clock, backoff, std::chrono::hours(1), job, lost) ||
              attempt.over.wait());
}

/// What happens to a client that trusts only `trusted` and asks for "localhost".
std::string outcome(const CertificateAuthority& signer, const std::vector<std::string>& names,
                    const CertificateAuthority& trusted) {
    const TempFolder folder;
    std::ofstream(folder.file("ca.pem")) << trusted.certificate();
    ChatServer::Options options;
    options.tls = signer.issue(names).value();
    Stage stage(std::move(options));
    Attempt attempt{stage, folder.file("ca.pem"), Bell(stage.io.get_executor()), ""};
    stage.run(try_once(attempt));
    return attempt.outcome;
}

TEST(Certificates, LetInWhoTrustsTheAuthority) {
    const auto authority = CertificateAuthority::make().value();
    EXPECT_EQ(outcome(authority, {"127.0.0.1", "localhost"}, authority), "welcome");
}

TEST(Certificates, OfAnotherNameAreRefused) {
    const auto authority = CertificateAuthority::make().value();
    const auto reason = outcome(authority, {"irc-ws.chat.twitch.tv"}, authority);
    EXPECT_NE(reason.find("certificate"), std::string::npos) << reason;
}

TEST(Certificates, OfAnotherAuthorityAreRefused) {
    const auto authority = CertificateAuthority::make().value();
    const auto other = CertificateAuthority::make().value();
    const auto reason = outcome(other, {"localhost"}, authority);
    EXPECT_NE(reason.find("not trusted"), std::string::npos) << reason;
}

TEST(Certificates, NeedAName) {
    const auto authority = CertificateAuthority::make().value();
    const auto credentials = authority.issue({});
    ASSERT_TRUE(credentials.has_error());
    EXPECT_EQ(credentials.error().message, "a certificate needs a host name");
    const auto nonsense = authority.issue({""});
    ASSERT_TRUE(nonsense.has_error());
    EXPECT_TRUE(nonsense.error().message.starts_with("cannot make a certificate: extension: "));
}

}  // namespace
}  // namespace coven::sim
