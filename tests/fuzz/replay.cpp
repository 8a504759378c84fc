// Feeds files to a target without a fuzzer: what the corpus holds is a test of every build.
//
// Usage: fuzz_replay_NAME FOLDER…

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "target.hpp"

namespace {

std::string content_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

int replay(const std::filesystem::path& folder) {
    int count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        std::cout << entry.path().string() << '\n' << std::flush;
        look_at(content_of(entry.path()));
        ++count;
    }
    return count;
}

}  // namespace

int main(int count, char** arguments) {
    int inputs = 0;
    for (int i = 1; i < count; ++i) inputs += replay(arguments[i]);
    std::cout << inputs << " inputs\n";
    return inputs > 0 ? 0 : 1;
}
