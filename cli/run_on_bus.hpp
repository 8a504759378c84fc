#pragma once

#include "coven/bus.hpp"
#include "run.hpp"
#include "say_why.hpp"
#include "setup.hpp"

namespace coven::cli {

/// The whole of a command that does one job on the bus: `request_of(invocation)` gives a Result,
/// `job(bus, request, endpoints)` an awaitable exit status. What is wrong is said before anything
/// is connected.
template <class RequestOf, class Job>
int run_on_bus(const Invocation& invocation, RequestOf request_of, Job job) {
    const auto endpoints = endpoints_of(invocation);
    if (endpoints.has_error()) return refuse(endpoints.error());
    const auto request = request_of(invocation);
    if (request.has_error()) return refuse(request.error());
    Loop loop;
    Bus bus(loop.io, *endpoints, loop.clock, identity());
    return run(loop, bus, say_why(job(bus, *request, *endpoints)));
}

}  // namespace coven::cli
