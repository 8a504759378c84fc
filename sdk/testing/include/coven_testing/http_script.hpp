#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

namespace coven::testing {

/// One request, as it came.
struct HttpSeen {
    std::string method;
    /// Path and query. Example: "/helix/users?id=1".
    std::string target;
    /// Names in lower case.
    std::map<std::string, std::string> headers;
    std::string body;
};

/// An answer, byte for byte.
std::string http_answer(int status, const std::string& body,
                        const std::vector<std::string>& header_lines = {});

/// An HTTP server on this machine that answers what its script says, in the order in which requests
/// come, on any number of connections at once. Runs on `io`, which must outlive it.
class HttpScript {
  public:
    enum class Then {
        /// The connection stays for further requests.
        keep,
        /// …is closed in good order.
        close,
        /// …is reset.
        reset,
    };

    explicit HttpScript(boost::asio::io_context& io);
    HttpScript(const HttpScript&) = delete;
    HttpScript& operator=(const HttpScript&) = delete;
    ~HttpScript();

    /// Example: "http://127.0.0.1:40217".
    std::string url() const;
    /// The next answer that has not been given yet; any bytes, also none.
    void answer(std::string bytes, Then then = Then::keep);
    /// What comes when the script is over; without it, 500.
    void answer_always(std::string bytes);
    /// Answers nothing until `release`.
    void hold();
    /// Gives the answers that wait, in their order, `count` of them at most.
    void release(std::size_t count);
    /// Takes no connections from now on, and cuts those that are there.
    void stop();

    /// In the order in which they came.
    const std::vector<HttpSeen>& seen() const;
    std::size_t connections() const;
    /// How many requests have waited for their answer at the same time, at most.
    std::size_t most_at_once() const;

    struct State;

  private:
    /// Shared with the connections, whose frames may die after it.
    std::shared_ptr<State> state_;
};

}  // namespace coven::testing
