"""Twitch's own address, as it is built in: the connector dials it, verifies it, and reads.

Runs in a network and mount namespace of its own, where the name of Twitch's chat server stands for
the simulator on port 443. Needs root or unprivileged user namespaces; says so and is skipped
(status 77) where neither is to be had.
"""

import os
import subprocess
import sys
import unittest
from pathlib import Path

from chat_lines import received
from system import System, command_line, wait_until

PROGRAMS = None
TWITCH = "irc-ws.chat.twitch.tv"
SKIPPED = 77
INSIDE = "COVEN_TEST_INSIDE_NAMESPACE"


def enter_namespace():
    """Starts this program again where only loopback is there; its exit status."""
    for unshare in (["unshare", "--net", "--mount"],
                    ["unshare", "--net", "--mount", "--map-root-user"]):
        probe = subprocess.run([*unshare, "true"], capture_output=True, check=False)
        if probe.returncode == 0:
            environment = dict(os.environ, **{INSIDE: "1"})
            return subprocess.run([*unshare, sys.executable, *sys.argv], env=environment,
                                  check=False).returncode
    print("skipped: this machine grants no network namespace")
    return SKIPPED


def name_twitch(folder):
    """Lets the name of Twitch's chat server stand for this machine."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    hosts = Path(folder) / "hosts"
    hosts.write_text(f"127.0.0.1 localhost {TWITCH}\n")
    subprocess.run(["mount", "--bind", hosts, "/etc/hosts"], check=True)


class DefaultUrls(unittest.TestCase):
    def setUp(self):
        self.system = self.enterContext(System(PROGRAMS))
        name_twitch(self.system.folder)
        self.addCleanup(subprocess.run, ["umount", "/etc/hosts"], check=True)
        self.system.broker()

    def enterContext(self, context):
        """unittest has this from Python 3.11 on; Debian 12 does, others may not."""
        entered = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return entered

    def sim(self, host_names):
        certificates = self.system.folder / "certificates"
        return self.system.sim("--chat_tls_port=443", f"--certificates={certificates}",
                               f"--host_names={host_names}", "--channels=xqc", "--rate=20")

    def chat(self, **environment):
        """The connector as anybody would start it: only the channel is named."""
        return self.system.start(
            "chat", [self.system.bin / "coven-chat", *self.system.doors, "--channels=xqc"],
            environment=environment)

    def refusal(self):
        def degraded():
            presences = [row["presence"] for row in self.system.ask("connectors")]
            return next((presence["reason"] for presence in presences
                         if presence["state"] == "STATE_DEGRADED"), None)
        return wait_until("the connector's own word on why it is degraded", degraded)

    def test_reads_from_twitchs_address(self):
        self.system.tail("reader", "twitch.chat.xqc.message")
        sim = self.sim(TWITCH)
        self.chat(SSL_CERT_FILE=sim.ready["COVEN_CA_FILE"])
        wait_until("20 events",
                   lambda: len(received(self.system.lines_of("reader")).get("xqc", [])) > 20)

    def test_refuses_a_certificate_for_another_name(self):
        sim = self.sim("localhost")
        self.chat(SSL_CERT_FILE=sim.ready["COVEN_CA_FILE"])
        reason = self.refusal()
        self.assertIn(TWITCH, reason)
        self.assertIn("certificate", reason)
        self.assertIn("mismatch", reason)

    def test_refuses_a_certificate_of_an_unknown_authority(self):
        self.sim(TWITCH)
        self.chat()
        reason = self.refusal()
        self.assertIn(TWITCH, reason)
        self.assertIn("not trusted", reason)


if __name__ == "__main__":
    if INSIDE not in os.environ:
        sys.exit(enter_namespace())
    PROGRAMS = command_line("programs").programs
    unittest.main()
