#include "live_reader.hpp"

#include <utility>

namespace coven {

LiveReader::LiveReader(std::shared_ptr<Bus::Core> bus, std::vector<Pattern> patterns)
    : State(bus), live_(std::move(bus), std::move(patterns), LiveStream::Use::hand_out) {}

boost::asio::awaitable<void> LiveReader::fetch() {
    co_await live_.pump();
    take();
}

void LiveReader::fetch_at_once() {
    live_.drain();
    take();
}

void LiveReader::take() {
    // What is not handed out yet stays in front; the stream bounds what comes before its barrier.
    if (waiting.empty()) waiting.swap(live_.ready);
}

}  // namespace coven
