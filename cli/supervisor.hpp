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
#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/io_context.hpp>

#include "coven/clock.hpp"
#include "coven/result.hpp"
#include "happening.hpp"
#include "restart_policy.hpp"

namespace coven::cli {

/// A program that is to be kept running.
struct Program {
    enum class Readiness {
        /// It says READY=1 to $NOTIFY_SOCKET; one that does not in time is killed.
        told,
        /// It may say so; else it counts as ready once it has run for `ready_limit`.
        runs,
    };
    enum class FirstStart {
        /// One that ends before it was ready is started again like any other.
        repeated,
        /// If it ends before it was ever ready, that is final.
        decisive,
    };

    /// What people call it. Example: "broker".
    std::string name;
    /// Its path and its arguments.
    std::vector<std::string> command;
    /// Added to our own environment.
    std::map<std::string, std::string> environment;
    Readiness readiness = Readiness::told;
    std::chrono::milliseconds ready_limit{10000};
    FirstStart first_start = FirstStart::repeated;
    /// Those of the highest tier are stopped first, all at once, then those below.
    int tier = 0;
    RestartPolicy::Limits restart{};
};

/// What a program said with its READY=1; empty where it said nothing.
using ReadyFields = std::map<std::string, std::string>;

/// A program that is not started again.
struct GivenUp {
    std::string name;
    /// With its name, how it ended and its last words. More than one line.
    std::string reason;
    /// How it ended; nothing if it could not even be started.
    std::optional<int> status;
};

/// Runs programs as children of ours, starts them again when they end, and gives up on one that
/// does nothing but end. Must outlive the run of `io`.
class Supervisor {
  public:
    struct Listener {
        using Hear = std::function<void(const std::string& name, const std::string& line)>;

        /// Each line that a program writes to stdout or stderr.
        Hear log;
        /// What we have to say about a program.
        Hear remark;
    };

    /// `io` and `clock` must outlive this.
    Supervisor(boost::asio::io_context& io, Clock& clock, Listener listener);
    Supervisor(const Supervisor&) = delete;
    Supervisor& operator=(const Supervisor&) = delete;
    ~Supervisor();

    /// Starts `program` and keeps it running.
    void add(Program program);
    /// Returns when each program was ready once, or was given up.
    boost::asio::awaitable<void> settled();
    /// `add`; returns when it is ready for the first time, or with the reason why it cannot run.
    boost::asio::awaitable<Result<ReadyFields>> start(Program program);
    /// The next program that cannot be kept running any more. For one caller at a time.
    boost::asio::awaitable<GivenUp> given_up();
    /// The programs that are there or will be started again, in the order of their start.
    std::vector<std::string> kept() const;
    /// SIGTERM, tier by tier, SIGKILL for what takes longer than `grace`. Returns when all have
    /// ended.
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
    boost::asio::awaitable<void> hear_start(Kept& kept);
    boost::asio::awaitable<void> hear_ready(Kept& kept);
    boost::asio::awaitable<void> hear_on(Kept& kept);
    boost::asio::awaitable<void> pass_on_log(Kept& kept);
    boost::asio::awaitable<void> read_logs(Kept& kept);
    boost::asio::awaitable<void> read_log(Kept& kept, int source);
    boost::asio::awaitable<void> last_words(Life& life);
    void heard(Kept& kept, const std::vector<std::string>& lines);
    RestartPolicy::Decision decide(Kept& kept, int status);
    void give_up(Kept& kept, const std::string& reason, std::optional<int> status);
    boost::asio::awaitable<void> stop_tier(int tier, std::chrono::milliseconds grace);
    static void signal(const Kept& kept, int number);

    boost::asio::io_context& io_;
    Clock& clock_;
    Listener listener_;
    std::list<std::unique_ptr<Kept>> all_;
    boost::asio::experimental::channel<void(boost::system::error_code, GivenUp)> given_up_;
};

}  // namespace coven::cli
