#include "supervisor.hpp"

#include <array>
#include <deque>
#include <functional>
#include <set>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/this_coro.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "coven/child_process.hpp"
#include "coven/race.hpp"
#include "coven/ready_socket.hpp"
#include "log_lines.hpp"
#include "safe_text.hpp"
#include "time_text.hpp"

namespace asio = boost::asio;
using namespace boost::asio::experimental::awaitable_operators;

namespace coven::cli {

namespace {

/// For a datagram that has already arrived.
constexpr std::chrono::milliseconds read_limit{20};
/// For what a program wrote just before it ended; a child of its own may hold the pipe open.
constexpr std::chrono::milliseconds last_words_limit{200};
/// Far more than anybody runs on one machine.
constexpr std::size_t most_programs = 10000;
/// Lines of its log that explain why we give a program up.
constexpr std::size_t last_lines = 3;

/// Readable when the process has ended. glibc 2.36 declares pidfd_open without extern "C", so C++
/// cannot link it (sys/pidfd.h of libc6-dev 2.36-9, read 2026-11-22).
int descriptor_of(pid_t pid) { return static_cast<int>(syscall(SYS_pidfd_open, pid, 0)); }

/// Waits for a descriptor of somebody else's, who keeps it open meanwhile.
asio::awaitable<void> readable(int descriptor) {
    const auto executor = co_await asio::this_coro::executor;
    asio::posix::stream_descriptor copy(executor, fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
    co_await copy.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
}

}  // namespace

/// One run of a program, from its start to its end.
struct Supervisor::Life {
    Life(asio::io_context& io, ChildProcess started, std::unique_ptr<ReadySocket> socket)
        : process(std::move(started)), ready(std::move(socket)), over(io.get_executor()) {}

    ChildProcess process;
    std::unique_ptr<ReadySocket> ready;
    /// The process has ended.
    Happening over;
};

/// A program and what outlasts one life of it.
struct Supervisor::Kept {
    Kept(asio::io_context& io, Program described)
        : program(std::move(described)),
          policy(program.restart),
          settled(io.get_executor()),
          stop(io.get_executor()),
          over(io.get_executor()) {}

    Program program;
    RestartPolicy policy;
    /// Nothing between two lives.
    std::unique_ptr<Life> life;
    ReadyFields fields;
    std::deque<std::string> last_words;
    /// Why it was given up.
    std::string failure;
    /// Ready for the first time, or given up.
    Happening settled;
    /// Not to be started again.
    Happening stop;
    /// Nothing of it runs any more.
    Happening over;
};

Supervisor::Supervisor(asio::io_context& io, Clock& clock, Listener listener)
    : io_(io),
      clock_(clock),
      listener_(std::move(listener)),
      given_up_(io.get_executor(), most_programs) {}

Supervisor::~Supervisor() = default;

void Supervisor::add(Program program) {
    auto& kept = *all_.emplace_back(std::make_unique<Kept>(io_, std::move(program)));
    asio::co_spawn(io_, keep(kept), [&kept](const std::exception_ptr& failure) {
        kept.over.happen();
        if (failure) std::rethrow_exception(failure);
    });
}

asio::awaitable<void> Supervisor::settled() {
    for (const auto& kept : all_) co_await kept->settled.wait();
}

asio::awaitable<Result<ReadyFields>> Supervisor::start(Program program) {
    add(std::move(program));
    const auto& kept = *all_.back();
    co_await all_.back()->settled.wait();
    if (!kept.failure.empty()) co_return Error(kept.failure);
    co_return kept.fields;
}

asio::awaitable<GivenUp> Supervisor::given_up() {
    return given_up_.async_receive(asio::use_awaitable);
}

std::vector<std::string> Supervisor::kept() const {
    std::vector<std::string> names;
    for (const auto& kept : all_) {
        if (!kept->over.happened()) names.push_back(kept->program.name);
    }
    return names;
}

asio::awaitable<void> Supervisor::stop(std::chrono::milliseconds grace) {
    std::set<int, std::greater<>> tiers;
    for (const auto& kept : all_) {
        kept->stop.happen();
        tiers.insert(kept->program.tier);
    }
    for (const int tier : tiers) co_await stop_tier(tier, grace);
}

asio::awaitable<void> Supervisor::stop_tier(int tier, std::chrono::milliseconds grace) {
    std::vector<Kept*> all;
    for (const auto& kept : all_) {
        if (kept->program.tier == tier) all.push_back(kept.get());
    }
    for (const auto* kept : all) {
        signal(*kept, SIGTERM);
        // A stopped process cannot end.
        signal(*kept, SIGCONT);
    }
    const auto until = clock_.instant() + grace;
    for (auto* kept : all) co_await race(kept->over.wait(), clock_.sleep_until(until));
    for (const auto* kept : all) signal(*kept, SIGKILL);
    for (auto* kept : all) co_await kept->over.wait();
}

void Supervisor::kill() {
    for (const auto& kept : all_) {
        kept->stop.happen();
        signal(*kept, SIGKILL);
    }
}

/// To what the program itself has started, too.
void Supervisor::signal(const Kept& kept, int number) {
    if (kept.life) kept.life->process.signal_group(number);
}

/// All lives of one program, with the pauses between them.
asio::awaitable<void> Supervisor::keep(Kept& kept) {
    while (!kept.stop.happened()) {
        const auto status = co_await live(kept);
        if (kept.stop.happened() || !status) break;
        const auto decision = decide(kept, *status);
        if (!decision.pause) {
            give_up(kept, describe_status(*status) + ": " + decision.reason, *status);
            break;
        }
        const auto when =
            decision.pause->count() == 0 ? "at once" : "in " + span_text(*decision.pause);
        listener_.remark(kept.program.name,
                         fmt::format("{}, started again {}", describe_status(*status), when));
        co_await race(clock_.sleep(*decision.pause), kept.stop.wait());
    }
    kept.settled.happen();
}

RestartPolicy::Decision Supervisor::decide(Kept& kept, int status) {
    const bool was_ready = kept.settled.happened();
    const bool final = !was_ready && kept.program.first_start == Program::FirstStart::decisive;
    auto decision = kept.policy.ended(status, clock_.instant());
    if (final && decision.pause) return {std::nullopt, "could not start"};
    return decision;
}

/// One life; the status it ended with, or nothing if it could not even begin.
asio::awaitable<std::optional<int>> Supervisor::live(Kept& kept) {
    auto ready = std::make_unique<ReadySocket>();
    ChildProcess::Options options;
    options.command = kept.program.command;
    options.environment = kept.program.environment;
    options.environment["NOTIFY_SOCKET"] = ready->path();
    options.out = ChildProcess::Options::capture;
    options.err = ChildProcess::Options::capture;
    auto started = ChildProcess::start(options);
    if (started.has_error()) {
        give_up(kept, started.error().message, std::nullopt);
        co_return std::nullopt;
    }
    kept.last_words.clear();
    kept.life = std::make_unique<Life>(io_, std::move(*started), std::move(ready));
    co_await (watch_end(*kept.life) && watch_start(kept) && pass_on_log(kept));
    const auto life = std::move(kept.life);
    co_return life->process.poll().value_or(128 + SIGKILL);
}

asio::awaitable<void> Supervisor::watch_end(Life& life) {
    const auto executor = co_await asio::this_coro::executor;
    asio::posix::stream_descriptor process(executor, descriptor_of(life.process.pid()));
    co_await process.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
    // What it has started itself does not outlive it. Before its pid can be somebody else's.
    life.process.signal_group(SIGKILL);
    life.process.poll();
    life.over.happen();
}

asio::awaitable<void> Supervisor::watch_start(Kept& kept) {
    co_await race(hear_start(kept), kept.life->over.wait());
}

/// Until it is ready or was killed because it took too long; and whatever it says then.
asio::awaitable<void> Supervisor::hear_start(Kept& kept) {
    const auto limit = kept.program.ready_limit;
    const auto first = co_await race(hear_ready(kept), clock_.sleep(limit));
    const bool late = first.index() == 1 && kept.program.readiness == Program::Readiness::told;
    if (late) {
        listener_.remark(kept.program.name, "was not ready within " + span_text(limit));
        signal(kept, SIGKILL);
        co_return;
    }
    kept.settled.happen();
    co_await hear_on(kept);
}

asio::awaitable<void> Supervisor::hear_ready(Kept& kept) {
    auto& socket = *kept.life->ready;
    ReadyFields fields;
    while (fields.empty()) {
        co_await readable(socket.descriptor());
        fields = socket.wait(read_limit);
    }
    kept.fields = std::move(fields);
}

/// A program that goes on telling us how it is would wait for us once the socket is full.
asio::awaitable<void> Supervisor::hear_on(Kept& kept) {
    for (;;) {
        co_await readable(kept.life->ready->descriptor());
        kept.life->ready->wait(std::chrono::milliseconds{1});
    }
}

asio::awaitable<void> Supervisor::pass_on_log(Kept& kept) {
    co_await race(read_logs(kept), last_words(*kept.life));
}

asio::awaitable<void> Supervisor::read_logs(Kept& kept) {
    co_await (read_log(kept, kept.life->process.err()) && read_log(kept, kept.life->process.out()));
}

asio::awaitable<void> Supervisor::last_words(Life& life) {
    co_await life.over.wait();
    co_await clock_.sleep(last_words_limit);
}

asio::awaitable<void> Supervisor::read_log(Kept& kept, int source) {
    const auto executor = co_await asio::this_coro::executor;
    const int descriptor = fcntl(source, F_DUPFD_CLOEXEC, 0);
    asio::posix::stream_descriptor pipe(executor, descriptor);
    LogLines lines;
    std::array<char, 4096> bytes{};
    const auto buffer = asio::buffer(bytes);
    const auto no_throw = asio::as_tuple(asio::use_awaitable);
    for (;;) {
        const auto read = co_await pipe.async_read_some(buffer, no_throw);
        if (std::get<0>(read)) break;
        heard(kept, lines.add(std::string_view(bytes.data(), std::get<1>(read))));
    }
    heard(kept, lines.end());
}

void Supervisor::heard(Kept& kept, const std::vector<std::string>& lines) {
    for (const auto& line : lines) {
        listener_.log(kept.program.name, line);
        kept.last_words.push_back(line);
        if (kept.last_words.size() > last_lines) kept.last_words.pop_front();
    }
}

void Supervisor::give_up(Kept& kept, const std::string& reason, std::optional<int> status) {
    kept.failure = kept.program.name + " " + reason;
    for (const auto& line : kept.last_words) kept.failure += "\n  " + safe_text(line);
    const GivenUp given_up{kept.program.name, kept.failure, status};
    // Each program is given up once, so there is always room.
    given_up_.try_send(boost::system::error_code(), given_up);
}

}  // namespace coven::cli
