"""coven config check, print, schema and sample; deploy/coven.toml and docs/configuration.md."""

import json
import os
import re
import tomllib
import unittest

import jsonschema

from front_door import FrontDoor, main

BAD = """\
[chatt]
[chat]
channels = ["ok", "not ok"]
join_limit = 500000
[broker]
id = "A.b"
[twitch]
ca_file = "/nowhere/ca.pem"
[sim]
tokens = ["no-equals-sign"]
"""


class Check(FrontDoor):
    def test_lists_every_fault_with_its_place(self):
        file = self.write("coven.toml", BAD)
        variables = {"COVEN_CHAT_CHANELS": "a", "COVEN_LOG_LEVEL": "x"}
        done = self.coven("config", "check", "-c", file, **variables)
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stdout, "")
        *faults, last = done.stderr.splitlines()
        expected = [
            "coven.toml:1: unknown section 'chatt', did you mean 'chat'?",
            "coven.toml:3: chat.channels: channel is not a Twitch login",
            "coven.toml:4: 'chat.join_limit' is not from 1 to 100000: '500000'",
            "coven.toml:6: broker.id has a character outside of",
            "coven.toml:8: 'twitch.ca_file' names no file: '/nowhere/ca.pem'",
            "coven.toml:10: sim.tokens has an entry that is not login=token",
            "COVEN_LOG_LEVEL is none of debug, info, warn, error: 'x'",
            "unknown variable 'COVEN_CHAT_CHANELS', did you mean 'COVEN_CHAT_CHANNELS'?",
        ]
        self.assertEqual(len(faults), len(expected), done.stderr)
        for fault, beginning in zip(faults, expected):
            self.assertTrue(fault.replace(f"{self.folder}/", "").startswith(beginning), fault)
        self.assertIn(f"{len(expected)} things are wrong", last)

    def test_is_content_with_what_is_right(self):
        file = self.write("coven.toml", "[chat]\nchannels = ['xqc']\n")
        self.assertIn("nothing is wrong", self.printed("config", "check", "-c", file))
        self.assertIn("nothing is wrong", self.printed("config", "check"))
        self.assertIn("nothing is wrong", self.printed("config", "check", COVEN_CONFIG=str(file)))

    def test_refuses_a_file_that_is_not_there_or_no_toml(self):
        for file, what in (("/nowhere/x", "no such file"),
                           (self.write("x.toml", "[chat\n"), "x.toml:1: ")):
            done = self.coven("config", "check", "-c", file)
            self.assertEqual(done.returncode, 2)
            self.assertIn(what, done.stderr)
            self.assertEqual(len(done.stderr.splitlines()), 2, done.stderr)

    def test_counts_a_connector_in_any_language(self):
        program = self.write("coven-dice", "#!/bin/sh\n"
                             "test \"$1\" = --describe && echo '{\"kind\":\"dice\",\"settings\":"
                             "[{\"key\":\"dice.sides\",\"kind\":\"number\",\"default\":\"6\"}]}'\n")
        program.chmod(0o755)
        file = self.write("coven.toml", "[dice]\nsides = 'x'\n")
        path = f"{self.folder}:/usr/bin:/bin"
        done = self.coven("config", "check", "-c", file, PATH=path)
        self.assertIn("coven.toml:2: 'dice.sides' is no whole number: 'x'", done.stderr)

    def test_says_which_program_does_not_describe_itself(self):
        self.write("coven-mute", "#!/bin/sh\necho nonsense\n").chmod(0o755)
        done = self.coven("config", "check", PATH=f"{self.folder}:/usr/bin:/bin")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("coven-mute' does not describe itself", done.stderr)


class Print(FrontDoor):
    def rows(self, *words, **environment):
        lines = self.printed("config", "print", "--json", *words, **environment).splitlines()
        return {row["key"]: row for row in map(json.loads, lines)}

    def test_says_what_holds_and_where_it_comes_from(self):
        file = self.write("coven.toml", "[chat]\n\njoin_limit = 5\nchannels = ['a', 'b']\n")
        rows = self.rows("-c", file, "--request", "tcp://1.2.3.4:5", COVEN_LOG_LEVEL="debug")
        self.assertEqual(rows["chat.join_limit"]["value"], 5)
        self.assertEqual(rows["chat.join_limit"]["from"], f"{file}:3")
        self.assertEqual(rows["chat.channels"]["value"], ["a", "b"])
        self.assertEqual(rows["log.level"], {"key": "log.level", "value": "debug",
                                             "from": "COVEN_LOG_LEVEL"})
        self.assertEqual(rows["bus.request"]["from"], "--request")
        self.assertEqual(rows["chat.keep_raw"], {"key": "chat.keep_raw", "value": True,
                                                 "from": "default"})

    def test_shows_one_program(self):
        keys = self.rows("--program", "chat").keys()
        self.assertEqual({key.split(".")[0] for key in keys},
                         {"chat", "bus", "twitch", "metrics", "log"})
        done = self.coven("config", "print", "--program", "chta")
        self.assertEqual(done.returncode, 2)
        self.assertIn("did you mean 'chat'?", done.stderr)

    def test_shows_no_secret(self):
        program = self.write("coven-safe", "#!/bin/sh\necho '{\"kind\":\"safe\",\"settings\":"
                             "[{\"key\":\"safe.key\",\"kind\":\"secret\",\"default\":\"\"}]}'\n")
        program.chmod(0o755)
        file = self.write("coven.toml", "[safe]\nkey = 'hunter2'\n")
        path = f"{self.folder}:/usr/bin:/bin"
        for words in ([], ["--json"]):
            text = self.printed("config", "print", "-c", file, *words, PATH=path)
            self.assertIn("[redacted]", text)
            self.assertNotIn("hunter2", text)


class SampleAndSchema(FrontDoor):
    def setUp(self):
        super().setUp()
        self.sample = self.printed("config", "sample")
        self.uncommented = re.sub(r"(?m)^#(?=[a-z_]+ = )", "", self.sample)

    def test_the_sample_in_the_tree_is_what_the_programs_say(self):
        kept = self.root / "deploy/coven.toml"
        if os.environ.get("UPDATE") == "1":
            kept.write_text(self.sample)
        self.assertEqual(kept.read_text(), self.sample, "UPDATE=1 writes it anew")

    def test_the_sample_passes_as_it_is_and_uncommented(self):
        self.assertGreater(self.uncommented.count("\n"), 40)
        self.assertNotEqual(self.sample, self.uncommented)
        for text in (self.sample, self.uncommented):
            file = self.write("coven.toml", text)
            self.printed("config", "check", "-c", file)

    def test_what_is_uncommented_changes_nothing(self):
        file = self.write("coven.toml", self.uncommented)
        command = ("config", "print", "--json")
        rows = [json.loads(line) for line in self.printed(*command, "-c", file).splitlines()]
        plain = [json.loads(line) for line in self.printed(*command).splitlines()]
        self.assertEqual([row["value"] for row in rows], [row["value"] for row in plain])
        self.assertTrue(all(row["from"].startswith(f"{file}:") for row in rows))

    def test_the_schema_is_one_and_agrees_with_the_check(self):
        schema = json.loads(self.printed("config", "schema"))
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        for text in (self.sample, self.uncommented,
                     "[connectors.mine]\ncommand = ['python3', 'mine.py']\n"):
            self.assertEqual(list(validator.iter_errors(tomllib.loads(text))), [])
        for text in ("[chatt]\n", "[chat]\nchanels = []\n", "[chat]\njoin_limit = 0\n",
                     "[chat]\nping_every = 'soon'\n", "[log]\nlevel = 'loud'\n",
                     "[bus]\npublish = 'x'\n", "[twitch]\nchat_url = 'http://x'\n",
                     "[connectors.mine]\ncommand = []\n", "[connectors.mine]\n"):
            self.assertTrue(list(validator.iter_errors(tomllib.loads(text))), text)


    def test_the_schema_of_a_file_leaves_the_sections_of_its_programs_open(self):
        text = "[connectors.mine]\ncommand = ['sh']\n[mine]\nanything = 1\n"
        file = self.write("coven.toml", text)
        self.assertIn("nothing is wrong", self.printed("config", "check", "-c", file))
        for words, faults in ((("-c", file), 0), ((), 1)):
            schema = json.loads(self.printed("config", "schema", *words))
            validator = jsonschema.Draft202012Validator(schema)
            self.assertEqual(len(list(validator.iter_errors(tomllib.loads(text)))), faults)
        self.assertEqual(self.coven("config", "schema", "-c", "/nowhere/x").returncode, 2)


class Page(FrontDoor):
    """docs/configuration.md says what really happens."""

    def setUp(self):
        super().setUp()
        self.page = (self.root / "docs/configuration.md").read_text()

    def test_its_example_gives_the_output_that_it_shows(self):
        found = re.search(r"```toml\n(.*?)```\n.*?```\n\$ (coven [^\n]*)\n(.*?)```", self.page,
                          re.DOTALL)
        text, command, expected = found.groups()
        self.write("coven.toml", text)
        done = self.run_program(self.bin / "coven", *command.split()[1:])
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stderr, expected)

    def test_its_commands_and_flags_exist(self):
        commands = set(re.findall(r"`(coven [a-z]+(?: [a-z]+)?)", self.page))
        self.assertGreater(len(commands), 3)
        for command in commands:
            self.printed(*command.split()[1:], "--help")
        flags = self.printed("complete", "--", "coven-chat", "--")
        flags += self.printed("complete", "--", "coven", "config", "print", "--")
        for flag in re.findall(r"`(--[a-z-]+)", self.page):
            self.assertIn(flag + "\t", flags)


if __name__ == "__main__":
    main()
