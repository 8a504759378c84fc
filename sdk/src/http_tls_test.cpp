#include <cstdlib>
#include <fstream>
#include <memory>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include "certificates.hpp"
#include "coven/http.hpp"
#include "coven/temp_folder.hpp"
#include "coven_testing/http_script.hpp"
#include "coven_testing/moved_clock.hpp"
#include "outcome_for_test.hpp"

namespace coven {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

auto into(error_code& failure) { return asio::redirect_error(asio::use_awaitable, failure); }

/// Answers one client, if that trusts it.
asio::awaitable<void> serve_once(tcp::acceptor& acceptor, asio::ssl::context& context) {
    error_code failure;
    auto socket = co_await acceptor.async_accept(into(failure));
    asio::ssl::stream<tcp::socket> stream(std::move(socket), context);
    co_await stream.async_handshake(asio::ssl::stream_base::server, into(failure));
    if (failure) co_return;
    std::string request;
    co_await asio::async_read_until(stream, asio::dynamic_buffer(request), "\r\n\r\n",
                                    into(failure));
    const auto answer = testing::http_answer(200, "trusted");
    co_await asio::async_write(stream, asio::buffer(answer), into(failure));
    co_await stream.async_shutdown(into(failure));
}

class HttpTlsTest : public ::testing::Test {
  protected:
    HttpTlsTest() { std::ofstream(ca_file_) << authority_.certificate(); }
    ~HttpTlsTest() override { unsetenv("SSL_CERT_FILE"); }

    /// What a client that trusts `ca_file` hears from a server whose certificate is for `names`.
    std::string heard(const std::vector<std::string>& names, const std::string& ca_file) {
        asio::io_context io;
        asio::ssl::context context(asio::ssl::context::tls_server);
        const auto credentials = authority_.issue(names).value();
        context.use_certificate_chain(asio::buffer(credentials.certificate));
        context.use_private_key(asio::buffer(credentials.key), asio::ssl::context::pem);
        tcp::acceptor acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
        asio::co_spawn(io, serve_once(acceptor, context), asio::detached);
        HttpClient::Options options;
        options.ca_file = ca_file;
        HttpClient client(io.get_executor(), clock_, options);
        HttpRequest wanted;
        wanted.url = "https://localhost:" + std::to_string(acceptor.local_endpoint().port());
        const auto name = "GET " + wanted.url + ": ";
        const auto answer = outcome(io, client.send(wanted));
        if (answer.has_value()) return answer->body;
        EXPECT_EQ(answer.error().message.find(name), 0u) << answer.error().message;
        return answer.error().message.substr(name.size());
    }

    testing::MovedClock clock_;
    TempFolder folder_;
    const std::string ca_file_ = folder_.file("ca.pem");
    sim::CertificateAuthority authority_ = sim::CertificateAuthority::make().value();
};

TEST_F(HttpTlsTest, TrustsWhomItIsTold) { EXPECT_EQ(heard({"localhost"}, ca_file_), "trusted"); }

TEST_F(HttpTlsTest, HonoursSslCertFile) {
    setenv("SSL_CERT_FILE", ca_file_.c_str(), 1);
    EXPECT_EQ(heard({"localhost"}, ""), "trusted");
}

TEST_F(HttpTlsTest, TrustsNobodyElse) {
    const auto reason = heard({"localhost"}, "");
    EXPECT_EQ(reason.find("the certificate is not trusted: "), 0u) << reason;
    const auto other = folder_.file("other.pem");
    std::ofstream(other) << sim::CertificateAuthority::make().value().certificate();
    const auto with_other = heard({"localhost"}, other);
    EXPECT_EQ(with_other.find("the certificate is not trusted: "), 0u) << with_other;
}

TEST_F(HttpTlsTest, WantsTheNameThatItAskedFor) {
    const auto reason = heard({"id.twitch.tv"}, ca_file_);
    EXPECT_EQ(reason.find("the certificate is not trusted: SSL: no alternative certificate"), 0u)
        << reason;
}

TEST_F(HttpTlsTest, NamesCertificatesThatCannotBeRead) {
    const auto reason = heard({"localhost"}, folder_.file("none.pem"));
    EXPECT_NE(reason.find("none.pem"), std::string::npos) << reason;
}

TEST_F(HttpTlsTest, SaysThatTheServerSpeaksNoTls) {
    asio::io_context io;
    testing::HttpScript server(io);
    HttpClient client(io.get_executor(), clock_, {});
    HttpRequest wanted;
    wanted.url = "https" + server.url().substr(4);
    const auto answer = begin(io, result_of(client.send(wanted)));
    ASSERT_TRUE(turn_until(io, [&] { return server.connections() == 1; }));
    clock_.advance(io, wanted.limit);
    ASSERT_TRUE(turn_until(io, [&] { return answer->has_value(); }));
    EXPECT_NE((*answer)->error().message.find("(TCP connection or TLS handshake)"),
              std::string::npos)
        << (*answer)->error().message;
}

}  // namespace
}  // namespace coven
