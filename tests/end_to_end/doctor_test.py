"""coven doctor: what it finds, what it says to do, and its exit status, with real programs."""

import json
import unittest

from accounts import AccountsTest
from system import command_line

FINE, ATTENTION, BROKEN = 0, 1, 2
NOBODY = "127.0.0.1:1"
# A connector that needs an account.
SPEAKER = """#!/bin/sh
test "$1" = --describe || exit 1
echo '{"kind":"speaker","scopes":["user:write:chat"],"settings":[]}'
"""


class Doctor(AccountsTest):
    sim_flags = ("--accounts=ann",)

    def setUp(self):
        super().setUp()
        speaker = self.system.folder / "coven-speaker"
        speaker.write_text(SPEAKER)
        speaker.chmod(0o755)
        self.config = self.system.folder / "coven.toml"
        self.config.write_text("[chat]\n[token]\n[users]\n"
                               f"[connectors.speaker]\ncommand = ['{speaker}']\n")
        self.variables.update({
            "PATH": f"{self.system.folder}:/usr/bin:/bin",
            "COVEN_CONFIG": str(self.config),
            "COVEN_TWITCH_CHAT_URL": self.sim.ready["COVEN_CHAT_URL"],
            "COVEN_TWITCH_EVENTSUB_URL": self.sim.ready["COVEN_CHAT_URL"],
            "COVEN_TWITCH_HEAT_URL": self.sim.ready["COVEN_CHAT_URL"],
            "COVEN_TWITCH_EVENTSUB_SUBSCRIPTIONS_URL": self.sim.ready["COVEN_HELIX_URL"],
        })

    def findings(self, status, **variables):
        """(area, object) → what was found; its level is in `level`."""
        done = self.coven_done("doctor", "--json", *self.system.cli_doors(), **variables)
        found = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return {(each["area"], each["object"]): each for each in found}

    def all_well(self):
        self.system.broker()
        self.coven("login")

    def only(self, found, *levels):
        self.assertLessEqual({each["level"] for each in found.values()}, {"fine", *levels}, found)

    def test_all_is_fine(self):
        self.all_well()
        found = self.findings(FINE)
        self.only(found)
        self.assertEqual(found["account", "ann"]["text"].split(" for ")[0], "its token is good")
        self.assertEqual(found["scopes", "speaker"]["text"], "has all it needs: user:write:chat")
        self.assertIn("agrees with", found["clock", ""]["text"])
        for key in ("id_url", "helix_url", "chat_url", "eventsub_url", "heat_url"):
            self.assertIn("reached ", found["network", f"twitch.{key}"]["text"])
        shown = self.ask("doctor")
        self.assertIn("fine       account  ann: its token is good", shown)

    def test_nobody_runs_and_nobody_is_logged_in(self):
        found = self.findings(ATTENTION)
        self.only(found, "attention")
        broker = next(each for (area, _), each in found.items() if area == "broker")
        self.assertEqual((broker["level"], broker["text"]), ("attention", "no answer within 2 s"))
        self.assertIn("`coven up` starts it", broker["advice"])
        self.assertIn("no account is logged in", found["tokens", str(self.store)]["text"])
        self.assertEqual(found["scopes", "speaker"]["level"], "attention")
        self.assertFalse(self.store.exists(), "looking makes nothing")

    def test_a_scope_is_missing(self):
        self.all_well()
        self.coven("login", "--scopes", "chat:read")
        need = self.findings(ATTENTION)["scopes", "speaker"]
        self.assertIn("no account has granted user:write:chat", need["text"])
        self.assertIn("`coven login`", need["advice"])
        self.coven("login")
        self.only(self.findings(FINE))

    def test_tokens_that_have_ended(self):
        self.all_well()
        self.system.drive(self.sim, "expire", "ann")
        ann = self.findings(ATTENTION)["account", "ann"]
        self.assertIn("its token has ended", ann["text"])
        self.assertIn("coven-token refreshes it", ann["advice"])
        file = self.system.folder / "token.txt"
        self.coven("login")
        file.write_text(self.stored("ann")["access_token"])
        self.coven("login", "--token-file", str(file))
        found = self.findings(ATTENTION)["account", "ann"]
        self.assertIn("cannot be refreshed", found["text"])
        self.system.drive(self.sim, "expire", "ann")
        refused = self.findings(BROKEN)["account", "ann"]
        self.assertEqual(refused["text"], "Twitch refuses its token")
        self.assertIn("`coven login`", refused["advice"])

    def test_twitch_is_out_of_reach(self):
        self.all_well()
        found = self.findings(BROKEN, COVEN_TWITCH_HELIX_URL=f"http://{NOBODY}/helix",
                              COVEN_TWITCH_ID_URL=f"http://{NOBODY}/oauth2",
                              COVEN_TWITCH_HEAT_URL=f"ws://{NOBODY}/")
        for key in ("helix_url", "id_url"):
            self.assertEqual(found["network", f"twitch.{key}"]["level"], "broken")
            self.assertIn("Failed to connect", found["network", f"twitch.{key}"]["text"])
        # Nothing here needs it.
        self.assertEqual(found["network", "twitch.heat_url"]["level"], "attention")
        self.assertEqual(found["account", "ann"]["level"], "attention")
        self.assertIn("could not be checked", found["account", "ann"]["text"])

    def test_a_name_or_a_certificate_that_is_wrong(self):
        self.all_well()
        sim = self.system.start("sim-2", [
            self.system.bin / "coven-sim", "--control=127.0.0.1:0",
            f"--certificates={self.system.folder / 'certificates'}"])
        distrusted = {"COVEN_TWITCH_CHAT_URL": sim.ready["COVEN_CHAT_TLS_URL"],
                      "COVEN_TWITCH_HELIX_URL": sim.ready["COVEN_HELIX_TLS_URL"],
                      "COVEN_TWITCH_EVENTSUB_URL": "wss://no.such.host.invalid/"}
        found = self.findings(BROKEN, **distrusted)
        for key in ("chat_url", "helix_url"):
            self.assertEqual(found["network", f"twitch.{key}"]["level"], "broken")
            self.assertIn("certificate", found["network", f"twitch.{key}"]["text"])
        self.assertEqual(found["network", "twitch.eventsub_url"]["level"], "attention")
        distrusted.pop("COVEN_TWITCH_EVENTSUB_URL")
        self.only(self.findings(FINE, COVEN_TWITCH_CA_FILE=sim.ready["COVEN_CA_FILE"],
                                **distrusted))

    def test_what_keeps_everything_from_working(self):
        self.all_well()
        (self.store / "ann.json").chmod(0o644)
        self.assertIn("chmod 600", self.findings(BROKEN)["account", "ann"]["text"])
        (self.store / "ann.json").chmod(0o600)
        self.config.write_text("[chat]\njoin_limt = 5\n")
        fault = self.findings(BROKEN)["config", str(self.config)]
        self.assertIn("did you mean", fault["text"])
        self.config.write_text("[chat\n")
        self.assertEqual(self.findings(BROKEN)["config", str(self.config)]["level"], "broken")


if __name__ == "__main__":
    AccountsTest.programs = command_line("programs").programs
    unittest.main(verbosity=2)
