#pragma once

#include <memory>
#include <string>

#include <zmq.hpp>

#include "coven/bus.hpp"
#include "coven/result.hpp"

namespace coven::broker {

/// The broker's sockets, bound. The only place that sets their options.
class Doors {
  public:
    /// Fails when a door cannot be bound: says which, where, and what to do.
    static Result<std::unique_ptr<Doors>> open(const Endpoints& endpoints);
    Doors(const Doors&) = delete;
    Doors& operator=(const Doors&) = delete;

    zmq::socket_t& publish() { return publish_; }
    zmq::socket_t& subscribe() { return subscribe_; }
    zmq::socket_t& request() { return request_; }
    /// Tells of connections to the subscribe door that came and went.
    zmq::socket_t& monitor() { return monitor_; }
    /// Where they stand really: port 0 was replaced.
    Endpoints endpoints() const;

  private:
    Doors();

    zmq::context_t context_;
    zmq::socket_t publish_;
    zmq::socket_t subscribe_;
    zmq::socket_t request_;
    zmq::socket_t monitor_;
};

}  // namespace coven::broker
