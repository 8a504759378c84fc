#include "supervisor.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <optional>
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
    : io_(io), clock_(clock), listener_(std::move(listener)), failed_(io.get_executor()) {}

Supervisor::~Supervisor() = default;

asio::awaitable<Result<ReadyFields>> Supervisor::start(Program program) {
    auto& kept = *all_.emplace_back(std::make_unique<Kept>(io_, std::move(program)));
    asio::co_spawn(io_, keep(kept), [&kept](const std::exception_ptr& failure) {
        kept.over.happen();
        if (failure) std::rethrow_exception(failure);
    });
    co_await kept.settled.wait();
    if (!kept.failure.empty()) co_return Error(kept.failure);
    co_return kept.fields;
}

asio::awaitable<std::string> Supervisor::failure() {
    co_await failed_.wait();
    co_return reason_;
}

asio::awaitable<void> Supervisor::stop(std::chrono::milliseconds grace) {
    for (auto kept = all_.rbegin(); kept != all_.rend(); ++kept) {
        (*kept)->stop.happen();
        signal(**kept, SIGTERM);
        // A stopped process cannot end.
        signal(**kept, SIGCONT);
        co_await race((*kept)->over.wait(), clock_.sleep(grace));
        signal(**kept, SIGKILL);
        co_await (*kept)->over.wait();
    }
}

void Supervisor::kill() {
    for (const auto& kept : all_) {
        kept->stop.happen();
        signal(*kept, SIGKILL);
    }
}

void Supervisor::signal(const Kept& kept, int number) {
    if (kept.life) kept.life->process.signal(number);
}

/// All lives of one program, with the pauses between them.
asio::awaitable<void> Supervisor::keep(Kept& kept) {
    while (!kept.stop.happened()) {
        const auto status = co_await live(kept);
        if (kept.stop.happened() || !status) break;
        const auto decision = kept.policy.ended(*status, clock_.instant());
        if (!decision.pause) {
            give_up(kept, describe_status(*status) + ": " + decision.reason);
            break;
        }
        const auto when =
            decision.pause->count() == 0 ? "at once" : "in " + span_text(*decision.pause);
        listener_(kept.program.name,
                  fmt::format("{}, started again {}", describe_status(*status), when));
        co_await race(clock_.sleep(*decision.pause), kept.stop.wait());
    }
    kept.settled.happen();
}

/// One life; the status it ended with, or nothing if it could not even begin.
asio::awaitable<std::optional<int>> Supervisor::live(Kept& kept) {
    auto ready = std::make_unique<ReadySocket>();
    ChildProcess::Options options;
    options.command = kept.program.command;
    options.environment = kept.program.environment;
    options.environment["NOTIFY_SOCKET"] = ready->path();
    options.err = ChildProcess::Options::capture;
    auto started = ChildProcess::start(options);
    if (started.has_error()) {
        give_up(kept, started.error().message);
        co_return std::nullopt;
    }
    kept.life = std::make_unique<Life>(io_, std::move(*started), std::move(ready));
    co_await (watch_end(*kept.life) && watch_start(kept) && pass_on_log(kept));
    const auto life = std::move(kept.life);
    co_return life->process.poll().value_or(128 + SIGKILL);
}

asio::awaitable<void> Supervisor::watch_end(Life& life) {
    const auto executor = co_await asio::this_coro::executor;
    asio::posix::stream_descriptor process(executor, descriptor_of(life.process.pid()));
    co_await process.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
    life.process.poll();
    life.over.happen();
}

/// Until it says READY=1, ends, or takes too long.
asio::awaitable<void> Supervisor::watch_start(Kept& kept) {
    const auto limit = kept.program.ready_limit;
    const auto first =
        co_await race(race(hear_ready(kept), kept.life->over.wait()), clock_.sleep(limit));
    if (first.index() == 0) co_return;
    listener_(kept.program.name, "was not ready within " + span_text(limit));
    signal(kept, SIGKILL);
}

asio::awaitable<void> Supervisor::hear_ready(Kept& kept) {
    auto& socket = *kept.life->ready;
    ReadyFields fields;
    while (fields.empty()) {
        co_await readable(socket.descriptor());
        fields = socket.wait(read_limit);
    }
    kept.fields = std::move(fields);
    kept.settled.happen();
}

asio::awaitable<void> Supervisor::pass_on_log(Kept& kept) {
    co_await race(read_log(kept), last_words(*kept.life));
}

asio::awaitable<void> Supervisor::last_words(Life& life) {
    co_await life.over.wait();
    co_await clock_.sleep(last_words_limit);
}

asio::awaitable<void> Supervisor::read_log(Kept& kept) {
    const auto executor = co_await asio::this_coro::executor;
    const int descriptor = fcntl(kept.life->process.err(), F_DUPFD_CLOEXEC, 0);
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
        listener_(kept.program.name, line);
        kept.last_words.push_back(line);
        if (kept.last_words.size() > last_lines) kept.last_words.pop_front();
    }
}

void Supervisor::give_up(Kept& kept, const std::string& reason) {
    kept.failure = kept.program.name + " " + reason;
    for (const auto& line : kept.last_words) kept.failure += "\n  " + safe_text(line);
    reason_ = kept.failure;
    failed_.happen();
}

}  // namespace coven::cli
