#include "shared_page.hpp"

#include <cstdlib>
#include <ctime>
#include <iostream>
#include <new>

#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace bench {

namespace {

constexpr std::time_t progress_deadline_s = 20;

static_assert(std::atomic<std::uint32_t>::is_always_lock_free, "processes share them");

/// The kernel wants the plain word (futex(2)).
std::uint32_t* word_of(std::atomic<std::uint32_t>& number) {
    return reinterpret_cast<std::uint32_t*>(&number);
}

}  // namespace

SharedPage::SharedPage(const std::string& path) {
    const int file = open(path.c_str(), O_RDWR | O_CLOEXEC);
    const bool sized = file >= 0 && ftruncate(file, sizeof(Readers)) == 0;
    void* memory = sized
                       ? mmap(nullptr, sizeof(Readers), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
                       : MAP_FAILED;
    if (memory == MAP_FAILED) {
        std::cerr << "cannot share memory through '" << path << "'\n";
        std::exit(1);
    }
    close(file);
    // Not constructed: another process may have counted already, and zeros are what it begins with.
    readers_ = static_cast<Readers*>(memory);
}

SharedPage::~SharedPage() { munmap(readers_, sizeof(Readers)); }

void tell(ReaderProgress& reader, std::uint32_t read) {
    reader.read.store(read);
    const auto wanted = reader.wanted.load();
    if (wanted == 0 || read < wanted) return;
    reader.wanted.store(0);
    syscall(SYS_futex, word_of(reader.wanted), FUTEX_WAKE, 1, nullptr, nullptr, 0);
}

bool wait_for(ReaderProgress& reader, std::uint32_t wanted) {
    const timespec limit{progress_deadline_s, 0};
    while (reader.read.load() < wanted) {
        reader.wanted.store(wanted);
        // The reader may have passed it before it could see that somebody waits.
        if (reader.read.load() >= wanted) break;
        const auto slept =
            syscall(SYS_futex, word_of(reader.wanted), FUTEX_WAIT, wanted, &limit, nullptr, 0);
        if (slept != 0 && errno == ETIMEDOUT) return false;
    }
    reader.wanted.store(0);
    return true;
}

}  // namespace bench
