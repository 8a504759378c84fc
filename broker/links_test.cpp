// With real sockets: what the kernel tells of them, and what is set.

#include "links.hpp"

#include <array>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace coven::broker {
namespace {

using namespace std::chrono_literals;

/// Two ends of a connection; `ours` writes, `theirs` reads when told.
class Pair {
  public:
    explicit Pair(int domain) {
        if (domain == AF_UNIX) {
            std::array<int, 2> ends{};
            EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
            ours = ends[0];
            theirs = ends[1];
        } else {
            connect_over_tcp();
        }
        fcntl(ours, F_SETFL, O_NONBLOCK);
        fcntl(theirs, F_SETFL, O_NONBLOCK);
    }
    Pair(const Pair&) = delete;
    Pair& operator=(const Pair&) = delete;
    ~Pair() {
        close(ours);
        close(theirs);
    }
    /// Until the kernel takes no more.
    void fill() const {
        while (write(ours, bytes_.data(), bytes_.size()) > 0) continue;
    }
    void drain() const {
        std::array<char, 65536> read_bytes{};
        while (read(theirs, read_bytes.data(), read_bytes.size()) > 0) continue;
    }

    int ours = -1;
    int theirs = -1;

  private:
    void connect_over_tcp() {
        const int door = socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        socklen_t size = sizeof address;
        EXPECT_EQ(bind(door, generic, size), 0);
        EXPECT_EQ(listen(door, 1), 0);
        EXPECT_EQ(getsockname(door, generic, &size), 0);
        theirs = socket(AF_INET, SOCK_STREAM, 0);
        EXPECT_EQ(connect(theirs, generic, size), 0);
        ours = accept(door, nullptr, nullptr);
        close(door);
    }

    std::array<char, 8192> bytes_{};
};

bool no_delay(int descriptor) {
    int value = 0;
    socklen_t size = sizeof value;
    EXPECT_EQ(getsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &value, &size), 0);
    return value != 0;
}

/// Enough for 100 ms of a reader whose writes are gathered.
void take_much(const Pair& pair) {
    while (link_numbers(pair.ours)->taken < 8'000'000) {
        pair.fill();
        pair.drain();
    }
}

TEST(LinkNumbers, TellWhatWaitsAndWhatWasTaken) {
    for (const int domain : {AF_INET, AF_UNIX}) {
        const Pair pair(domain);
        const auto empty = link_numbers(pair.ours);
        ASSERT_TRUE(empty);
        EXPECT_EQ(empty->tcp, domain == AF_INET);
        EXPECT_EQ(empty->waiting, 0u);
        pair.fill();
        const auto full = link_numbers(pair.ours);
        EXPECT_GT(full->waiting, 0u);
        // A stopped reader: nothing moves any more.
        EXPECT_EQ(link_numbers(pair.ours)->taken, full->taken);
        pair.drain();
        pair.fill();
        const auto later = link_numbers(pair.ours);
        EXPECT_EQ(later->taken > full->taken, domain == AF_INET);
    }
}

TEST(LinkNumbers, OfAClosedDescriptorThereAreNone) {
    int closed = -1;
    {
        const Pair pair(AF_INET);
        closed = pair.ours;
    }
    EXPECT_FALSE(link_numbers(closed));
    set_writes(closed, Writes::gathered);
}

TEST(Links, GathersTheWritesOfAConnectionThatTakesMuch) {
    const Pair busy(AF_INET);
    const Pair quiet(AF_INET);
    set_writes(busy.ours, Writes::at_once);
    set_writes(quiet.ours, Writes::at_once);
    Instant now(1000s);
    Links links;
    links.opened(busy.ours, now);
    links.opened(quiet.ours, now);
    EXPECT_EQ(links.size(), 2u);
    take_much(busy);
    EXPECT_TRUE(links.look(now += 100ms).empty());
    EXPECT_FALSE(no_delay(busy.ours));
    EXPECT_TRUE(no_delay(quiet.ours));
}

TEST(Links, LetsGoInALullAndGathersOn) {
    const Pair busy(AF_INET);
    Instant now(1000s);
    Links links;
    links.opened(busy.ours, now);
    EXPECT_FALSE(links.may_hold_back());
    take_much(busy);
    links.look(now += 100ms);
    EXPECT_TRUE(links.may_hold_back());
    links.flush();
    EXPECT_FALSE(links.may_hold_back());
    EXPECT_FALSE(no_delay(busy.ours));
    links.written();
    EXPECT_TRUE(links.may_hold_back());
    links.look(now += 100ms);
    EXPECT_FALSE(links.may_hold_back()) << "it takes nothing any more";
}

TEST(Links, NamesWhoTakesNothing) {
    for (const int domain : {AF_INET, AF_UNIX}) {
        const Pair frozen(domain);
        const Pair good(domain);
        frozen.fill();
        Instant now(1000s);
        Links links;
        links.opened(frozen.ours, now);
        links.opened(good.ours, now);
        std::vector<int> stuck;
        for (int i = 0; i < 100 && stuck.empty(); ++i) {
            good.fill();
            good.drain();
            stuck = links.look(now += 1s);
        }
        EXPECT_EQ(stuck, std::vector{frozen.ours});
        links.closed(frozen.ours);
        EXPECT_EQ(links.size(), 1u);
    }
}

TEST(Links, AreLookedAtTenTimesASecondAndLessOftenWhenTheyAreMany) {
    Links links;
    const Instant now(1000s);
    EXPECT_TRUE(links.look_due(now));
    links.look(now);
    EXPECT_FALSE(links.look_due(now + 99ms));
    EXPECT_TRUE(links.look_due(now + 100ms));
    for (int descriptor = 100'000; descriptor < 101'000; ++descriptor) {
        links.opened(descriptor, now);
    }
    links.look(now);
    EXPECT_FALSE(links.look_due(now + 299ms));
    EXPECT_TRUE(links.look_due(now + 300ms));
}

}  // namespace
}  // namespace coven::broker
