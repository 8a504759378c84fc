#include "captured.hpp"

#include <array>

#include <sys/mman.h>
#include <unistd.h>

#include "coven/child_process.hpp"

namespace coven::cli {

namespace {

/// More than any program of ours prints; the rest is left out.
constexpr std::size_t most_bytes = std::size_t{4} << 20;

/// A file in memory, which takes whatever is printed, unlike a pipe that nobody empties.
class Sheet {
  public:
    Sheet() : descriptor_(memfd_create("captured", MFD_CLOEXEC)) {}
    Sheet(const Sheet&) = delete;
    Sheet& operator=(const Sheet&) = delete;
    ~Sheet() { close(descriptor_); }

    int descriptor() const { return descriptor_; }

    std::string text() const {
        std::string text;
        std::array<char, 65536> bytes{};
        while (text.size() < most_bytes) {
            const auto size =
                pread(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(text.size()));
            if (size <= 0) break;
            text.append(bytes.data(), static_cast<std::size_t>(size));
        }
        return text;
    }

  private:
    int descriptor_;
};

}  // namespace

Result<Captured> run_captured(const std::vector<std::string>& command,
                              const std::map<std::string, std::string>& environment,
                              std::chrono::milliseconds limit) {
    const Sheet out;
    const Sheet err;
    ChildProcess::Options options;
    options.command = command;
    options.environment = environment;
    options.out = out.descriptor();
    options.err = err.descriptor();
    auto started = ChildProcess::start(options);
    if (started.has_error()) return started.error();
    const auto status = started->wait(limit);
    if (!status) return Error("'" + command.front() + "' does not come to its end");
    return Captured{*status, out.text(), err.text()};
}

}  // namespace coven::cli
