#include "delays.hpp"

#include <algorithm>
#include <iterator>

namespace bench {

namespace {

std::uint64_t percentile(std::vector<std::uint64_t> values, std::size_t percent) {
    if (values.empty()) return 0;
    const auto place = values.begin() + std::ptrdiff_t((values.size() - 1) * percent / 100);
    std::nth_element(values.begin(), place, values.end());
    return *place;
}

}  // namespace

std::uint64_t Delays::at(std::size_t percent) const { return percentile(delays_, percent); }

std::uint64_t Delays::typical_at(std::size_t percent) const {
    std::vector<std::uint64_t> windows;
    auto begin = delays_.begin();
    while (std::distance(begin, delays_.end()) >= std::ptrdiff_t(window)) {
        const auto end = std::next(begin, window);
        windows.push_back(percentile({begin, end}, percent));
        begin = end;
    }
    return windows.empty() ? at(percent) : percentile(std::move(windows), 50);
}

}  // namespace bench
