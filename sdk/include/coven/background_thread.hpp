#pragma once

#include <functional>
#include <thread>

namespace coven {

/// Who goes first when there are fewer CPUs than threads that have something to do.
enum class Precedence { equal, behind_the_loop };

/// A thread that takes no signals: they are for the loop. `work` must not throw.
std::thread start_background_thread(std::function<void()> work, Precedence precedence);

}  // namespace coven
