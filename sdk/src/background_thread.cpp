#include "coven/background_thread.hpp"

#include <csignal>
#include <utility>

#include <sys/resource.h>
#include <unistd.h>

namespace coven {

namespace {

/// A tenth of the loop's share of a CPU that both want.
constexpr int nice_behind_the_loop = 10;

/// On Linux a nice value is a thread's own. One that is refused costs only speed.
void step_back() { setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), nice_behind_the_loop); }

}  // namespace

std::thread start_background_thread(std::function<void()> work, Precedence precedence) {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    std::thread thread([work = std::move(work), precedence] {
        if (precedence == Precedence::behind_the_loop) step_back();
        work();
    });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return thread;
}

}  // namespace coven
