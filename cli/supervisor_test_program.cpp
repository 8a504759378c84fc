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

}  // namespace

int main(int argc, char** argv) {
    const std::string behaviour = argc > 1 ? argv[1] : "";
    if (behaviour == "serve") return serve(argv[2]);
    if (behaviour == "ignore-sigterm") return ignore_sigterm();
    if (behaviour == "never-ready") return wait_for_a_signal();
    std::cerr << "cannot: \x1b[31m" << behaviour << std::endl;
    return std::atoi(behaviour.c_str());
}
