#pragma once

#include <functional>
#include <thread>

namespace coven {

/// A thread that takes no signals: they are for the loop. `work` must not throw.
std::thread start_background_thread(std::function<void()> work);

}  // namespace coven
