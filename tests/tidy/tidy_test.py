"""Each rule must catch its bad examples and leave the good ones alone."""

import unittest

from rules import RULES
from source import code

HEADER = "#pragma once\n"

# Rule → trees that it must catch.
BAD = {
    "named_before_awaited": [
        {"sdk/src/a.cpp": "co_await f({.name = s});"},
        {"sdk/src/a.cpp": "co_await f(\n    // why\n    Options{},\n    1);"},
        {"sdk/src/a.cpp": "if (co_await f()) { g(); }"},
        {"sdk/src/a.cpp": "const auto x = co_await f([this] { return 1; });"},
        {"sdk/src/a.cpp": 'co_await f("it\'s;", names[0]);'},
        {"sdk/src/a.cpp": "co_await sleep(limit ? *limit : forever);"},
    ],
    "no_default_arguments_on_coroutines": [
        {"sdk/include/coven/a.hpp": HEADER + "asio::awaitable<void> f(Options o = {});"},
        {"sim/a.cpp": "asio::awaitable<std::vector<int>> A::f(int a,\n    int b = 1) {}"},
    ],
    "no_capturing_lambda_as_coroutine": [
        {"sim/a.cpp": "auto f = [this]() -> asio::awaitable<void> { co_await g(); };"},
        {"sim/a.cpp": "co_spawn(io, [&io, x = 1](int n) mutable { if (n) { co_return; } }, y);"},
        {"sim/a.cpp": "run([=] { co_await g(); });"},
    ],
    "no_locks_and_no_threads": [
        {"broker/a.cpp": "std::mutex m;"},
        {"sdk/src/a_test.cpp": "std::jthread t;"},
        {"cli/a.cpp": "std::scoped_lock lock(m);"},
    ],
    "no_sleeping": [
        {"cli/a.cpp": "std::this_thread::sleep_for(1s);"},
        {"cli/a.cpp": "::sleep(1);"},
        {"sdk/src/a_test.cpp": "usleep(100);"},
    ],
    "stopping_is_cancelling": [{"sim/a.cpp": "io.stop();"}, {"sim/a.cpp": "io_context_->stop ();"}],
    "timers_go_through_the_clock": [
        {"connectors/chat/a.cpp": "asio::steady_timer timer(io);"},
        {"broker/a.cpp": "std::chrono::system_clock::now();"},
    ],
    "only_the_sdk_catches": [{"connectors/chat/a.cpp": "try { f(); } catch (...) {}"}],
    "no_unsafe_socket_options": [
        {"broker/a.cpp": "s.set(zmq::sockopt::xpub_nodrop, 1);"},
        {"broker/a.cpp": "zmq_setsockopt(s, ZMQ_XPUB_MANUAL_LAST_VALUE, &one, sizeof one);"},
        {"broker/a.cpp": "s.set(zmq::sockopt::router_handover, 1);"},
    ],
    "floors_include_only_downwards": [
        {"sdk/src/a.cpp": '#include "router.hpp"', "broker/router.hpp": HEADER},
        {"cli/a.cpp": '#include "router.hpp"', "broker/router.hpp": HEADER},
        {"connectors/a/a.cpp": '#include "b.hpp"', "connectors/b/b.hpp": HEADER},
        {"connectors/a/a.cpp": '#include "server.hpp"', "sim/server.hpp": HEADER},
    ],
    "the_insides_of_the_sdk_stay_inside": [
        {"cli/a.cpp": '#include "utf8.hpp"', "sdk/src/utf8.hpp": HEADER}
    ],
    "test_helpers_stay_in_tests": [
        {"cli/a.cpp": '#include "coven_testing/test_bus.hpp"'},
        {"sdk/src/a.cpp": "#include <gtest/gtest.h>"},
    ],
    "libraries_stay_in_their_box": [
        {"connectors/chat/a.hpp": HEADER + "#include <boost/beast/core.hpp>"},
        {"connectors/chat/a.cpp": "#include <zmq.hpp>"},
        {"sdk/include/coven/a.hpp": HEADER + "#include <zmq.hpp>"},
        {"sim/a.cpp": "#include <toml++/toml.h>"},
        {"broker/a.cpp": "#include <spdlog/spdlog.h>"},
        {"connectors/chat/a.cpp": "#include <CLI/CLI.hpp>"},
        {"connectors/chat/a.cpp": "#include <openssl/ssl.h>"},
        {"cli/a.cpp": "#include <curl/curl.h>"},
        {f"sim/{name}.cpp": "#include <boost/beast/core.hpp>" for name in "abc"},
    ],
    "headers_have_pragma_once": [{"cli/a.hpp": "struct A {};\n"}],
    "includes_do_not_climb": [{"cli/a.cpp": '#include "../sdk/a.hpp"'}],
    "no_using_namespace_in_headers": [{"cli/a.hpp": HEADER + "using namespace std;"}],
    "no_bool_parameters": [
        {"cli/a.hpp": HEADER + "void print(int line, bool colour);"},
        {"cli/a.cpp": "void print(const bool colour) {}"},
    ],
    "lines_fit_a_hundred": [{"cli/a.cpp": "x" * 101}, {"proto/a/v1/a.proto": "\n" + "ü" * 101}],
    "files_fit_four_hundred_lines": [{"cli/a.cpp": "\n" * 401}],
    "readmes_fit_forty_lines": [{"cli/README.md": "a\n" * 41}],
    "folders_have_a_readme": [
        {"connectors/README.md": "", "connectors/dice/dice.cpp": ""},
        {"cli/a.cpp": ""},
    ],
    "nothing_is_left_to_do": [{"cli/a.cpp": "// TODO: later"}, {"docs/a.md": "FIXME"}],
    "the_house_speaks_of_itself": [
        {"cli/a.cpp": 'open("/home/me/x");'},
        {"docs/a.md": "see ../shared/design"},
        {"docs/a.md": "as issue #2 says"},
        {"Makefile": "cd /work/main"},
    ],
}

# Trees that no rule may catch.
SDK = "sdk/src/a.cpp"
GOOD = [
    {"sdk/README.md": "", SDK: "const auto x = co_await f(y);\nif (x) { g(a[0]); }"},
    {"sdk/README.md": "", SDK: '// co_await f({})\nlog("co_await g({})");'},
    {"sdk/README.md": "", SDK: 'const auto t = R"(std::mutex " // )"; f(1\'000, \'"\');'},
    {"sdk/README.md": "", SDK: "asio::awaitable<void> f(int a) { for (int i = 0;;) {} }"},
    {"sdk/README.md": "", SDK: "auto f = [] { co_return; }; auto g = [x] { return x; };"},
    {"sdk/README.md": "", SDK: "for (bool more = true; more;) {} bool f();"},
    {"sdk/README.md": "", SDK: "int x[2]; void f(int a[2]) {}  // io.stop() hangs"},
    {
        "connectors/README.md": "", "connectors/a/README.md": "", "connectors/a/a.hpp": HEADER,
        "connectors/a/a.cpp": '#include "a.hpp"\n#include "coven/topic.hpp"',
        "connectors/a/a_test.cpp": '#include "server.hpp"',
        "sdk/README.md": "", "sdk/include/coven/topic.hpp": HEADER,
        "sim/README.md": "", "sim/server.hpp": HEADER,
    },
    {"sim/README.md": "", "sim/a.cpp": "#include <boost/beast/core.hpp>"},
    {"cli/README.md": "", "cli/a.cpp": "#include <CLI/CLI.hpp>\ntry { f(); } catch (E& e) {}"},
    {"cli/README.md": "", "cli/a.cpp": "co_await clock.sleep(pause); bool quiet = f(is_new);"},
    {"README.md": "long\n" * 100, "docs/a.md": "libzmq #2312 and https://example.org/home/page"},
]


class Tidy(unittest.TestCase):
    def test_every_rule_has_an_example_that_it_catches(self):
        self.assertEqual(set(BAD), set(RULES))
        for name, trees in BAD.items():
            for tree in trees:
                with self.subTest(name, tree=tree):
                    self.assertTrue(list(RULES[name](tree)))

    def test_good_trees_are_left_alone(self):
        for tree in GOOD:
            for name, rule in RULES.items():
                with self.subTest(name, tree=tree):
                    self.assertEqual(list(rule(tree)), [])

    def test_findings_name_the_line(self):
        finding = next(RULES["no_locks_and_no_threads"]({"a.cpp": "/*\n*/\n  std::mutex m;"}))
        self.assertEqual(finding[:2], ("a.cpp", 3))

    def test_blanking_keeps_every_position(self):
        text = 'a("x\\"y"); // "z\nb(\'"\'); /* c\n */ R"(d\ne)"'
        self.assertEqual(len(code(text)), len(text))
        self.assertEqual(code(text).count("\n"), text.count("\n"))


if __name__ == "__main__":
    unittest.main()
