// What the supervisor's test supervises: a program that behaves as its first argument says.

#include <cstdlib>
#include <iostream>
#include <string>

#include <signal.h>
#include <unistd.h>

#include "coven/daemon.hpp"

namespace {

int wait_for_a_signal() {
    for (;;) pause();
}

int serve(const char* field) {
    std::cerr << "serving" << std::endl;
    coven::notify_ready({field, "PID=" + std::to_string(getpid())});
    return wait_for_a_signal();
}

int ignore_sigterm() {
    signal(SIGTERM, SIG_IGN);
    return serve("DEAF=1");
}

/// Says its last words when it is told to stop.
int serve_until_told(const char* name) {
    sigset_t terminate;
    sigemptyset(&terminate);
    sigaddset(&terminate, SIGTERM);
    sigprocmask(SIG_BLOCK, &terminate, nullptr);
    coven::notify_ready({"PID=" + std::to_string(getpid())});
    int number = 0;
    sigwait(&terminate, &number);
    std::cerr << "end of " << name << std::endl;
    return 0;
}

int serve_with_a_child() {
    const pid_t child = fork();
    if (child == 0) return wait_for_a_signal();
    coven::notify_ready({"PID=" + std::to_string(getpid()), "CHILD=" + std::to_string(child)});
    return wait_for_a_signal();
}

}  // namespace

int main(int argc, char** argv) {
    const std::string behaviour = argc > 1 ? argv[1] : "";
    if (behaviour == "serve") return serve(argv[2]);
    if (behaviour == "ignore-sigterm") return ignore_sigterm();
    if (behaviour == "never-ready") return wait_for_a_signal();
    if (behaviour == "last-words") return serve_until_told(argv[2]);
    if (behaviour == "parent") return serve_with_a_child();
    if (behaviour == "print") std::cout << "printed" << std::endl;
    if (behaviour == "print") return wait_for_a_signal();
    std::cerr << "cannot: \x1b[31m" << behaviour << std::endl;
    return std::atoi(behaviour.c_str());
}
