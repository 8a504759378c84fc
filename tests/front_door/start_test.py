"""How programs start when something is wrong: one line, status 2; and with closed descriptors."""

import os
import socket
import subprocess
from pathlib import Path

from front_door import LIMIT, FrontDoor, main


class Refusals(FrontDoor):
    def assert_refused(self, done, part):
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertIn(part, done.stderr)

    def test_a_wrong_flag_is_told_the_nearest(self):
        for program in ("coven-broker", "coven-chat", "coven-sim", "coven-token"):
            done = self.run_program(self.bin / program, "--log-levl", "debug")
            self.assert_refused(done, "there is no flag '--log-levl', did you mean '--log-level'?")
            self.assertIn(f"{program} --help", done.stderr)
            self.assert_refused(self.run_program(self.bin / program, "--log-level"),
                                "--log-level wants a value: --log-level debug|info|warn|error")
        self.assert_refused(self.coven("tail", "x", "--cuont", "3"), "did you mean '--count'?")

    def test_a_file_that_is_not_there_is_refused_at_the_start(self):
        for program in ("coven-broker", "coven-chat", "coven-sim", "coven-token"):
            done = self.run_program(self.bin / program, "--twitch-ca-file", "/nowhere/ca.pem")
            self.assert_refused(done, "--twitch-ca-file names no file: '/nowhere/ca.pem'")

    def test_a_demo_that_cannot_be_is_refused_before_anything_starts(self):
        for words, part in ((("--channels", ""), "--channels names no channel"),
                            (("--channels", "a b"), "--channels"),
                            (("--rate", "99999999999"), "--rate is out of range"),
                            (("--raet", "3"), "did you mean '--rate'?")):
            self.assert_refused(self.coven("demo", "--for", "5s", *words), part)

    def test_check_lists_all_faults_and_changes_nothing(self):
        done = self.run_program(self.bin / "coven-sim", "--check", "--chat-port", "65536",
                                "--log-level", "x", "--certificates", self.folder / "made")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(len(done.stderr.splitlines()), 2, done.stderr)
        done = self.run_program(self.bin / "coven-sim", "--check", "--certificates",
                                self.folder / "made")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertFalse((self.folder / "made").exists())


class ClosedDescriptors(FrontDoor):
    def test_no_socket_takes_the_place_of_stdin_stdout_or_stderr(self):
        ready = str(self.folder / "ready")
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(notify.close)
        notify.bind(ready)
        notify.settimeout(LIMIT)
        script = 'exec "$0" "$@" <&- >&- 2>&-'
        sim = subprocess.Popen(
            ["sh", "-c", script, self.bin / "coven-sim", "--channels", "a", "--control", "none",
             "--metrics-listen", "off"],
            env=self.environment(NOTIFY_SOCKET=ready))
        self.addCleanup(sim.wait, LIMIT)
        self.addCleanup(sim.terminate)
        notify.recv(65536)
        for descriptor in range(3):
            self.assertEqual(os.readlink(Path(f"/proc/{sim.pid}/fd/{descriptor}")), "/dev/null")

    def test_a_closed_stdout_is_still_told(self):
        done = self.run_program("sh", "-c", 'exec "$0" config sample >&-', self.bin / "coven")
        self.assertEqual(done.returncode, 1)
        self.assertIn("cannot write: Bad file descriptor", done.stderr)


if __name__ == "__main__":
    main()
