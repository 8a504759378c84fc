#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "coven/clock.hpp"
#include "coven/result.hpp"
#include "happening.hpp"
#include "restart_policy.hpp"

namespace coven::cli {

/// A program that is to be kept running.
struct Program {
    /// What people call it. Example: "broker".
    std::string name;
    /// Its path and its arguments.
    std::vector<std::string> command;
    /// Added to our own environment.
    std::map<std::string, std::string> environment;
    /// A start that takes longer until READY=1 is a failed one.
    std::chrono::milliseconds ready_limit{10000};
    RestartPolicy::Limits restart{};
};

/// What a program said with its READY=1.
using ReadyFields = std::map<std::string, std::string>;

/// Runs programs as children of ours, starts them again when they end, and gives up on one that
/// does nothing but end. Must outlive the run of `io`.
class Supervisor {
  public:
    /// Gets each line that a program writes to stderr, and what we have to say about it.
    using Listener = std::function<void(const std::string& name, const std::string& line)>;

    /// `io` and `clock` must outlive this.
    Supervisor(boost::asio::io_context& io, Clock& clock, Listener listener);
    Supervisor(const Supervisor&) = delete;
    Supervisor& operator=(const Supervisor&) = delete;
    ~Supervisor();

    /// Starts `program` and keeps it running. Returns when it is ready for the first time, or with
    /// the reason why it cannot run.
    boost::asio::awaitable<Result<ReadyFields>> start(Program program);
    /// Returns when a program cannot be kept running any more, with the reason.
    boost::asio::awaitable<std::string> failure();
    /// SIGTERM to each, the last one started first, SIGKILL for what takes longer than `grace`.
    /// Returns when all have ended.
    boost::asio::awaitable<void> stop(std::chrono::milliseconds grace);
    /// SIGKILL to all that run; nothing is started again.
    void kill();

  private:
    struct Kept;
    struct Life;

    boost::asio::awaitable<void> keep(Kept& kept);
    boost::asio::awaitable<std::optional<int>> live(Kept& kept);
    boost::asio::awaitable<void> watch_end(Life& life);
    boost::asio::awaitable<void> watch_start(Kept& kept);
    boost::asio::awaitable<void> hear_ready(Kept& kept);
    boost::asio::awaitable<void> pass_on_log(Kept& kept);
    boost::asio::awaitable<void> read_log(Kept& kept);
    boost::asio::awaitable<void> last_words(Life& life);
    void heard(Kept& kept, const std::vector<std::string>& lines);
    void give_up(Kept& kept, const std::string& reason);
    static void signal(const Kept& kept, int number);

    boost::asio::io_context& io_;
    Clock& clock_;
    Listener listener_;
    std::list<std::unique_ptr<Kept>> all_;
    Happening failed_;
    std::string reason_;
};

}  // namespace coven::cli
