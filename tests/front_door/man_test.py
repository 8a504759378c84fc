"""Every manual page by groff, mandoc and man, without a warning; and what they say."""

import json

from front_door import FrontDoor, main


# First words of commands that have two.
GROUPS = {"config", "journal", "token"}
# They have a page of their own besides.
COMMANDS_WITH_MORE = {"channels"}


class Pages(FrontDoor):
    def setUp(self):
        super().setUp()
        self.pages = sorted((self.build / "share/man/man1").glob("*.1"))

    def test_there_is_one_for_each_command_and_program(self):
        names = {page.stem for page in self.pages}
        commands = self.printed("complete", "--", "coven", "").split("\n")
        words = [line.split("\t")[0] for line in commands if line]
        wanted = {"coven"}
        for word in words:
            below = self.printed("complete", "--", "coven", word, "")
            seconds = [line.split("\t")[0] for line in below.splitlines()]
            if word in GROUPS | COMMANDS_WITH_MORE:
                wanted |= {f"coven-{word}-{second}" for second in seconds}
            if word not in GROUPS:
                wanted.add(f"coven-{word}")
        wanted |= {path.name for path in self.bin.glob("coven-*")}
        self.assertEqual(names, wanted)

    def test_no_tool_warns(self):
        for page in self.pages:
            for tool in (["groff", "-man", "-ww", "-z", "-Kutf8"], ["mandoc", "-T", "lint", "-W",
                         "warning"], ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z"]):
                done = self.run_program(*tool, page, LC_ALL="C.UTF-8")
                warned = done.stderr + (done.stdout if tool[0] == "mandoc" else "")
                self.assertEqual(warned, "", f"{tool[0]} {page.name}")
                self.assertEqual(done.returncode, 0, f"{tool[0]} {page.name}")

    def read(self, name):
        page = self.build / f"share/man/man1/{name}.1"
        return self.run_program("man", "-l", page, MANWIDTH="100", LC_ALL="C.UTF-8").stdout

    def test_they_read_as_the_table_says(self):
        text = self.read("coven-tail")
        for part in ("coven-tail - show the events of some topics as they happen",
                     "coven tail [OPTION]... PATTERN...", "--count N", "End after N events.",
                     "27     --count was not reached within --wait.", "COVEN_CONFIG",
                     "coven tail 'twitch.*.xqc.>' --json | jq .payload"):
            self.assertIn(part, text)

    def test_a_programs_page_has_each_of_its_flags(self):
        for program in ("coven-broker", "coven-chat", "coven-sim"):
            text = self.read(program)
            described = json.loads(self.run_program(self.bin / program, "--describe").stdout)
            for flag in described["flags"]:
                self.assertIn(flag["name"], text)
                self.assertIn(flag["variable"], text)
                self.assertIn(flag["key"], text)

    def test_a_command_with_the_name_of_a_program_shares_its_page(self):
        text = self.read("coven-sim")
        self.assertIn("--channel-count", text)
        self.assertIn("coven sim half-open --channel xqc", text)

    def test_man_prints_one_page(self):
        self.assertIn(".TH COVEN\\-CONFIG\\-CHECK 1", self.printed("man", "config", "check"))
        self.assertIn(".TH COVEN\\-CHAT 1", self.printed("man", "coven-chat"))
        self.assertIn(".TH COVEN 1", self.printed("man"))
        done = self.coven("man", "tial")
        self.assertEqual(done.returncode, 2)
        self.assertIn("did you mean 'coven-tail'?", done.stderr)


if __name__ == "__main__":
    main()
