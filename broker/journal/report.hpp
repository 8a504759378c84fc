#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <zmq.hpp>

#include "journal/chunk.hpp"
#include "journal/journal.hpp"
#include "journal/purges.hpp"

namespace coven::broker {

/// What the loop asks of the writer.
struct JournalCommand {
    enum class Kind : std::uint64_t { chunk, start_epoch, stop };
    Kind kind = Kind::stop;
    std::unique_ptr<Chunk> chunk;
    Epoch epoch;
};

/// What the writer tells the loop.
struct JournalReport {
    std::optional<News> news;
    /// From when on even a chunk that is not full is to be handed over, once nothing is left that
    /// was handed over before.
    Instant ready_at{};
    /// The answer to start_epoch.
    std::optional<Result<void>> epoch_started;
    /// Empty buffers, to be filled again.
    std::vector<std::unique_ptr<Chunk>> chunks;
    std::size_t bytes = 0;
    std::uint64_t commits = 0;
    Duration commit_time{};
    std::uint64_t file_bytes = 0;
    std::uint64_t oldest_offset = 0;
    std::optional<std::vector<FamilyNumbers>> families;
    std::optional<std::vector<v1::Purge>> purges;
    std::vector<PurgedState> purged_states;
    DeletionNumbers deletions;
};

/// What travels: the object itself stays where it is.
template <class T>
struct Parcel {
    T* object;
};

/// Sends an object to the other end of an inproc PAIR, which then owns it. It never waits: the
/// sockets have no limit of their own, since the bytes in flight have one.
template <class T>
void send_object(zmq::socket_t& socket, std::unique_ptr<T> object) {
    const Parcel<T> parcel{object.release()};
    zmq::message_t message(&parcel, sizeof parcel);
    socket.send(message, zmq::send_flags::none);
}

/// Null: there is nothing now.
template <class T>
std::unique_ptr<T> receive_object(zmq::socket_t& socket) {
    zmq::message_t message;
    if (!socket.recv(message, zmq::recv_flags::dontwait)) return nullptr;
    return std::unique_ptr<T>(message.data<Parcel<T>>()->object);
}

}  // namespace coven::broker
