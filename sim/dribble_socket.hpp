#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "coven/clock.hpp"

namespace coven::sim {

/// How slowly bytes leave: so many, each time after a pause. No pause = as fast as they go.
struct Dribble {
    std::chrono::milliseconds pause{0};
    std::size_t bytes = 1;
};

/// A TCP socket that can be made to dribble, in the shape that Asio's and Beast's streams want of
/// the layer below.
class DribbleSocket {
  public:
    using Tcp = boost::asio::ip::tcp::socket;
    using next_layer_type = Tcp;
    using lowest_layer_type = Tcp::lowest_layer_type;
    using executor_type = Tcp::executor_type;

    /// `clock` must outlive it.
    DribbleSocket(Tcp socket, Clock& clock) : socket_(std::move(socket)), clock_(&clock) {}

    executor_type get_executor() { return socket_.get_executor(); }
    Tcp& next_layer() { return socket_; }
    const Tcp& next_layer() const { return socket_; }
    lowest_layer_type& lowest_layer() { return socket_.lowest_layer(); }
    const lowest_layer_type& lowest_layer() const { return socket_.lowest_layer(); }

    /// From the next write on.
    void set_dribble(Dribble dribble) { dribble_ = dribble; }

    template <class Buffers, class Token>
    auto async_read_some(const Buffers& buffers, Token&& token) {
        return socket_.async_read_some(buffers, std::forward<Token>(token));
    }
    template <class Buffers, class Token>
    auto async_write_some(const Buffers& buffers, Token&& token) {
        using Signature = void(boost::system::error_code, std::size_t);
        return boost::asio::async_compose<Token, Signature>(Write<Buffers>{*this, buffers}, token,
                                                            socket_);
    }

  private:
    /// One write: at once, or a few bytes after a pause.
    template <class Buffers>
    struct Write {
        enum class Step { begun, paused, written };

        DribbleSocket& line;
        Buffers buffers;
        Step step = Step::begun;

        template <class Self>
        void operator()(Self& self, const boost::system::error_code& error = {},
                        std::size_t bytes = 0) {
            if (step == Step::written) return self.complete(error, bytes);
            const bool pauses = step == Step::begun && line.dribble_.pause.count() > 0;
            if (pauses) return pause(self);
            if (!!self.cancelled()) {
                return self.complete(boost::asio::error::operation_aborted, std::size_t{0});
            }
            const bool is_whole = step == Step::begun;
            step = Step::written;
            // `self` takes this object with it: what is needed of it is taken out first.
            auto& socket = line.socket_;
            const auto all = buffers;
            if (is_whole) return socket.async_write_some(all, std::move(self));
            const auto piece = first_piece(all);
            socket.async_write_some(piece, std::move(self));
        }

        template <class Self>
        void pause(Self& self) {
            step = Step::paused;
            auto& clock = *line.clock_;
            const auto executor = line.get_executor();
            const auto time = line.dribble_.pause;
            auto go_on = [self = std::move(self)](const std::exception_ptr&) mutable {
                self(boost::system::error_code(), std::size_t{0});
            };
            boost::asio::co_spawn(executor, clock.sleep(time), std::move(go_on));
        }

        boost::asio::const_buffer first_piece(const Buffers& all) const {
            const auto end = boost::asio::buffer_sequence_end(all);
            for (auto place = boost::asio::buffer_sequence_begin(all); place != end; ++place) {
                const boost::asio::const_buffer one(*place);
                const auto size = std::min(one.size(), line.dribble_.bytes);
                if (size > 0) return {one.data(), size};
            }
            return {};
        }
    };

    Tcp socket_;
    Clock* clock_;
    Dribble dribble_;
};

}  // namespace coven::sim
