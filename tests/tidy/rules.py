"""What must hold in this house and the compiler cannot see. A rule takes the tree, a dictionary of
path and text, and yields (path, line, what is wrong)."""

import re

from source import closing, code, floor, includes, is_cpp, is_test, line_of

RULES = {}


def rule(function):
    RULES[function.__name__] = function
    return function


def cpp(tree):
    return ((path, text) for path, text in tree.items() if is_cpp(path))


def matches(pattern, tree, say, allowed=lambda path: False):
    """Findings of a pattern in the code of every C++ file that is not allowed to have it."""
    for path, text in cpp(tree):
        if allowed(path):
            continue
        for match in re.finditer(pattern, code(text)):
            yield path, line_of(text, match.start()), say.format(match.group())


# --- coroutines: g++ 12 destroys some temporaries of a co_await expression twice ---


@rule
def named_before_awaited(tree):
    say = "name it before you await it: no '{{', '[' or '?' between co_await and ';'"
    yield from matches(r"\bco_await\b[^;]*?[{\[?]", tree, say)


@rule
def no_default_arguments_on_coroutines(tree):
    for path, text in cpp(tree):
        blanked = code(text)
        for match in re.finditer(r"\bawaitable(?=<)", blanked):
            after = closing(blanked, match.end()) + 1
            name = re.match(r"\s+[\w:~]+\s*(?=\()", blanked[after:])
            if not name:
                continue
            opening = after + name.end()
            parameters = blanked[opening : closing(blanked, opening)]
            if re.search(r"[^=<>!]=[^=]", parameters):
                yield path, line_of(text, opening), "a coroutine has no default arguments"


@rule
def no_capturing_lambda_as_coroutine(tree):
    for path, text in cpp(tree):
        blanked = code(text)
        for match in re.finditer(r"(?<![\w)\]\[])\s*\[(?=[^\[\]])", blanked):
            end = closing(blanked, match.end() - 1)
            head = re.match(r"\]\s*(\([^{};]*)?(mutable)?[^{};()]*(?=\{)", blanked[end:])
            if not head:
                continue
            body = end + head.end()
            if re.search(r"\bco_(await|return|yield)\b", blanked[body : closing(blanked, body)]):
                yield path, line_of(text, match.end()), "a lambda that captures is no coroutine"


# --- one thread, one loop ---


# The metrics server and the journal have threads of their own, and still no lock.
OWN_THREAD = ("sdk/include/coven/background_thread.hpp", "sdk/src/background_thread.cpp",
              "sdk/src/metrics_server.cpp", "broker/history_desk.hpp", "broker/journal/writer.hpp")
LOCK = r"\b(mutex|scoped_lock|lock_guard|unique_lock|condition_variable)\b"


@rule
def no_locks_and_no_threads(tree):
    pattern = (
        r"\bstd::(recursive_|shared_|timed_)?mutex\b|\bstd::j?thread\b|\bstd::async\b|\bpthread_\w+"
        r"|\bstd::(scoped_lock|lock_guard|unique_lock|condition_variable)\b"
    )
    yield from matches(
        pattern, tree, "{}: one thread, one loop, no lock",
        lambda path: path in OWN_THREAD and not re.search(LOCK, code(tree[path])),
    )


@rule
def no_sleeping(tree):
    yield from matches(
        r"\bthis_thread::sleep_\w+|\b(u|nano)sleep\s*\(|(?<!\w)(::)?sleep\s*\(\s*\d",
        tree, "{}: wait for something, with a limit",
    )


@rule
def stopping_is_cancelling(tree):
    yield from matches(
        r"\b(io|io_context|context)_?\s*(\.|->)\s*stop\s*\(", tree,
        "{}…): leaves sockets in suspended frames; cancel instead",
    )


# The clock itself, the time of a log line, blocking waits for other processes, libcurl's own time.
OWN_TIME = tuple("sdk/src/" + name for name in
                 ("clock", "log", "ready_socket", "child_process", "http_loop"))
OWN_TIME += ("broker/broker_process",)
# A timer that never runs out is no timer but something to wait on.
NEVER = "time_point::max()"


@rule
def timers_go_through_the_clock(tree):
    yield from matches(
        r"\b(steady|system|high_resolution)_timer\b|\b(steady|system|high_resolution)_clock::now\b",
        tree, "{}: every timer goes through coven::Clock",
        lambda path: path.startswith(OWN_TIME) or is_test(path) or NEVER in tree[path],
    )


@rule
def only_the_sdk_catches(tree):
    # CLI11 has no other way to say that a command line is wrong.
    yield from matches(
        r"\bcatch\s*\(", tree, "only the sdk catches what the outside throws",
        lambda path: path.startswith("sdk/") or is_test(path) or "<CLI/" in tree[path],
    )


# --- ZeroMQ 4.3.4 ---


@rule
def no_unsafe_socket_options(tree):
    yield from matches(
        r"(?i)\b\w*(xpub_manual|xpub_nodrop|router_handover)\w*", tree,
        "{}: unsafe on the sockets of this house, see docs/architecture.md",
    )


# --- floors and boxes ---

# Which floors a floor may include from, apart from itself.
BELOW = {
    "proto": (), "sdk": ("proto",), "broker": ("sdk", "proto"), "connectors": ("sdk", "proto"),
    "cli": ("sdk", "proto"), "sim": ("sdk", "proto"), "examples": ("sdk", "proto"),
}


def may_include(path, target):
    """Whether the file `path` may include from the floor `target`."""
    own = floor(path)
    if target == own or own in ("tests", "deploy"):
        return True
    below = BELOW.get(own.split("/")[0], ())
    return target in below or (is_test(path) and target in ("sim", "tests"))


@rule
def floors_include_only_downwards(tree):
    headers = [path for path in tree if path.endswith(".hpp")]
    for path, text in cpp(tree):
        for line, name, quoted in includes(text):
            found = [header for header in headers if ("/" + header).endswith("/" + name)]
            if not quoted or not found:
                continue
            if not any(may_include(path, floor(header)) for header in found):
                yield path, line, f"'{name}' belongs to {floor(found[0])}, which is not below"


@rule
def the_insides_of_the_sdk_stay_inside(tree):
    private = {path.rsplit("/", 1)[1] for path in tree if re.match(r"sdk/src/.*\.hpp$", path)}
    # A name that two floors have is told apart by the include paths.
    elsewhere = {path.rsplit("/", 1)[-1] for path in tree if not path.startswith("sdk/")}
    for path, text in cpp(tree):
        if path.startswith("sdk/"):
            continue
        for line, name, quoted in includes(text):
            if quoted and name in private - elsewhere:
                yield path, line, f"'{name}' is inside the sdk, not in its include folder"


@rule
def test_helpers_stay_in_tests(tree):
    for path, text in cpp(tree):
        for line, name, _ in includes(text):
            if re.match(r"(coven_testing|gtest|gmock)/", name) and not is_test(path):
                yield path, line, f"'{name}' in something that is not a test"


# Header → where it may be included, and in how many files of one program (folder). Tests may use
# any of them to play the other side.
BOXES = {
    r"boost/beast": (r"(sdk/src|sim|cli|connectors/\w+)/.*\.cpp", 2),
    r"openssl/|boost/asio/ssl": (r"(sdk/src|sim)/.*\.cpp", 2),
    r"zmq(_addon)?\.h": (r"(sdk/src|broker)/.*", None),
    r"toml\+\+|toml\.hpp": (r"sdk/src/config.*\.cpp", 2),
    r"spdlog/(?!fmt/)": (r"sdk/src/log.*\.cpp", 2),
    r"CLI/|CLI11": (r"(sdk/src|cli|sim)/.*\.cpp", 2),
    r"prometheus/": (r"sdk/src/metrics.*\.cpp", 2),
    r"curl/": (r"sdk/src/http_\w+\.cpp", 2),
    r"lmdb\.h": (r"sdk/src/store.*\.cpp", 2),
    r"isa-l": (r"broker/journal/checksum\.cpp", 1),
    r"simdjson": (r"sdk/src/json_value\.cpp", 1),
}


@rule
def libraries_stay_in_their_box(tree):
    for header, (allowed, limit) in BOXES.items():
        users = {}
        for path, text in cpp(tree):
            for line, name, _ in includes(text):
                if is_test(path) or not re.match(header, name):
                    continue
                if not re.fullmatch(allowed, path):
                    yield path, line, f"<{name}> outside of its box ({allowed})"
                users.setdefault(floor(path), {}).setdefault(path, (line, name))
        for files in users.values():
            for path, (line, name) in list(files.items())[limit:] if limit else ():
                yield path, line, f"<{name}> in more than {limit} files of one program"


# --- shape ---


@rule
def headers_have_pragma_once(tree):
    for path, text in cpp(tree):
        if path.endswith(".hpp") and not re.search(r"^#pragma once$", text, re.MULTILINE):
            yield path, 1, "#pragma once is missing"


@rule
def includes_do_not_climb(tree):
    for path, text in cpp(tree):
        for line, name, _ in includes(text):
            if ".." in name.split("/"):
                yield path, line, f"'{name}' climbs: name it from its floor"


@rule
def no_using_namespace_in_headers(tree):
    yield from matches(
        r"\busing\s+namespace\b", tree, "{} in a header", lambda path: path.endswith(".cpp")
    )


@rule
def no_bool_parameters(tree):
    yield from matches(
        r"(?<!\bfor )[(,]\s*(const\s+)?bool\s+\w+\s*(?=[,)=])", tree,
        "a bool parameter does not read at the call: give it an enum",
    )


LONG_LINES = (".cpp", ".hpp", ".py", ".proto", ".cmake", ".js", ".sh", "CMakeLists.txt", "Makefile")


@rule
def lines_fit_a_hundred(tree):
    for path, text in tree.items():
        if path.endswith(LONG_LINES):
            for number, line in enumerate(text.split("\n"), 1):
                if len(line) > 100:
                    yield path, number, f"{len(line)} characters, 100 are the limit"


@rule
def files_fit_four_hundred_lines(tree):
    for path, text in tree.items():
        if path.endswith((".cpp", ".hpp", ".py", ".js")) and text.count("\n") > 400:
            yield path, 400, f"{text.count(chr(10))} lines: is it one thing?"


@rule
def readmes_fit_forty_lines(tree):
    for path, text in tree.items():
        if path.endswith("/README.md") and text.count("\n") > 40:
            yield path, 41, f"{text.count(chr(10))} lines, 40 are the limit"


@rule
def folders_have_a_readme(tree):
    folders = set()
    for path in tree:
        parts = path.split("/")
        if len(parts) > 1 and not parts[0].startswith(".") and parts[0] != "docs":
            folders.add(parts[0])
        if len(parts) > 2 and parts[0] in ("connectors", "tests"):
            folders.add("/".join(parts[:2]))
    for folder in sorted(folders):
        if f"{folder}/README.md" not in tree:
            yield f"{folder}/README.md", 1, "is missing: what is this folder for?"


# --- words ---

UNFINISHED = r"\b(TODO|FIXME|XXX|HACK)\b"


@rule
def nothing_is_left_to_do(tree):
    for path, text in tree.items():
        for match in re.finditer(UNFINISHED, text):
            yield path, line_of(text, match.start()), f"{match.group()}: do it, or leave it out"


# This house speaks of itself: not of the machine it was written on, nor of how.
STRANGE = (
    r"(?<![\w.])/(work|home|root|Users)/\w+"
    r"|\.\./shared\b|\b(this|the) (session|brief)\b|\bissues? (no\. ?|#)?\d+\b"
    r"|\b(chatgpt|claude|copilot)\b"
)


@rule
def the_house_speaks_of_itself(tree):
    for path, text in tree.items():
        for match in re.finditer(STRANGE, text, re.IGNORECASE):
            if "shared" in match.group() and path.startswith(("tests/", ".ci/")):
                continue
            yield path, line_of(text, match.start()), f"'{match.group()}' does not belong here"
