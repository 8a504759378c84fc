#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "coven/result.hpp"

namespace coven {

/// A small HTTP server in a thread of its own: GET and HEAD of some pages, one request a
/// connection.
class MetricsServer {
  public:
    struct Page {
        unsigned status = 200;
        std::string type = "text/plain; charset=utf-8";
        std::string text;
    };
    /// Gives the page at a path. Called in the server's thread.
    using Answer = std::function<Page(std::string_view path)>;
    struct Address {
        std::string host;
        /// 0 = any free one.
        std::uint16_t port = 0;
    };

    /// Fails when it cannot listen there.
    static Result<std::unique_ptr<MetricsServer>> start(const Address& address, Answer answer);
    MetricsServer(const MetricsServer&) = delete;
    MetricsServer& operator=(const MetricsServer&) = delete;
    /// Drops all connections.
    ~MetricsServer();

    /// Example: "http://127.0.0.1:40217". For one that listens everywhere, the machine's name.
    std::string url() const;

  private:
    class Work;
    explicit MetricsServer(std::unique_ptr<Work> work);

    std::unique_ptr<Work> work_;
};

}  // namespace coven
