#include "coven/temp_folder.hpp"

#include <cerrno>
#include <system_error>

#include <stdlib.h>

namespace coven {

TempFolder::TempFolder() {
    auto name = (std::filesystem::temp_directory_path() / "coven-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
        throw std::system_error(errno, std::generic_category(), "cannot make the folder " + name);
    }
    path_ = name;
}

TempFolder::~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace coven
