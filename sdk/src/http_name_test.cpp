#include <atomic>
#include <string_view>

#include <curl/curl.h>
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <netdb.h>

#include "coven/http.hpp"
#include "coven_testing/http_script.hpp"
#include "coven_testing/moved_clock.hpp"
#include "outcome_for_test.hpp"

namespace {

std::atomic<bool> name_server_answers{false};

}  // namespace

/// Takes the place of the C library's in this program: one name is looked up without end.
extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints,
                           addrinfo** found) {
    using Function = decltype(&::getaddrinfo);
    static const auto real = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "getaddrinfo"));
    if (name != nullptr && std::string_view(name) == "hangs.test") {
        name_server_answers.wait(false);
        return EAI_AGAIN;
    }
    return real(name, service, hints, found);
}

namespace coven {
namespace {

namespace asio = boost::asio;
using std::chrono::seconds;

TEST(HttpName, IsLookedUpApartFromTheLoop) {
    const auto* curl = curl_version_info(CURLVERSION_NOW);
    EXPECT_NE(curl->features & CURL_VERSION_ASYNCHDNS, 0);
    asio::io_context io;
    testing::MovedClock clock;
    testing::HttpScript server(io);
    server.answer(testing::http_answer(200, "there"));
    HttpClient client(io.get_executor(), clock, {});
    HttpRequest hangs;
    hangs.url = "http://hangs.test/";
    const auto answer = begin(io, result_of(client.send(hangs)));
    HttpRequest other;
    other.url = server.url();
    EXPECT_EQ(outcome(io, client.send(other))->body, "there");
    EXPECT_FALSE(answer->has_value());
    clock.advance(io, seconds(15));
    ASSERT_TRUE(turn_until(io, [&] { return answer->has_value(); }));
    EXPECT_EQ((*answer)->error().message,
              "GET http://hangs.test/: no answer within 15 s (name look-up)");
    // Only now may the thread end that looks it up.
    name_server_answers = true;
    name_server_answers.notify_all();
}

TEST(HttpName, ThatNobodyKnowsIsNamed) {
    asio::io_context io;
    testing::MovedClock clock;
    HttpClient client(io.get_executor(), clock, {});
    HttpRequest wanted;
    wanted.url = "http://nobody.invalid/";
    const auto answer = outcome(io, client.send(wanted));
    ASSERT_TRUE(answer.has_error());
    EXPECT_EQ(answer.error().message,
              "GET http://nobody.invalid/: Could not resolve host: nobody.invalid");
}

}  // namespace
}  // namespace coven
