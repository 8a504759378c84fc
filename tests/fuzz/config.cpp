// coven.toml, whatever somebody wrote into it.

#include "coven/config.hpp"

#include <string>

#include <sys/mman.h>
#include <unistd.h>

#include "target.hpp"

namespace {

using coven::Setting;

std::vector<Setting> settings() {
    auto all = coven::common_settings();
    all.push_back({"chat.channels", Setting::Kind::list, "", "channels to read"});
    all.push_back({"chat.join_limit", Setting::Kind::number, "18", "joins in a window"});
    all.push_back({"chat.raw", Setting::Kind::flag, "true", "keep the line"});
    all.push_back({"chat.window", Setting::Kind::duration, "12s", "the window"});
    all.push_back({"chat.token", Setting::Kind::secret, "", "a token"});
    return all;
}

/// A file without a folder, for as long as this lives.
class MemoryFile {
  public:
    explicit MemoryFile(std::string_view content) : descriptor_(memfd_create("coven.toml", 0)) {
        demand(write(descriptor_, content.data(), content.size()) ==
                   static_cast<ssize_t>(content.size()),
               "memory holds the file");
    }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    ~MemoryFile() { close(descriptor_); }

    std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

  private:
    int descriptor_;
};

}  // namespace

void look_at(std::string_view input) {
    const auto duration = coven::parse_duration(input.substr(0, 40));
    if (duration) demand(duration->count() >= 0, "no duration is negative");
    const MemoryFile file(input);
    const coven::Config::Sources sources{file.path(), {}, {}};
    const auto config = coven::Config::load(settings(), sources);
    if (config) {
        config->number("chat.join_limit");
        config->list("chat.channels");
        demand(config->duration("chat.window").count() >= 0, "no duration is negative");
        return;
    }
    const auto& reason = config.error().message;
    demand(!reason.empty(), "an error has words");
    demand(reason.find('\n') == std::string::npos, "on one line");
}
