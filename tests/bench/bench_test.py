"""The pieces of `make bench` that need no processes: medians, pairs, verdicts, the exit status."""

import json
import tempfile
import unittest
from pathlib import Path

import report
from figures import FIGURES, Figure, Measured, alternated, exit_status, value_of, verdict

RATE = Figure("rate", "broker", "events/s", 0.8, 0.9, True, "bare loop")
TIME = Figure("time", "line", "ns", 3.0, 2.0, False, "splitting")
SIZE = Figure("size", "memory", "MB", 16, 12, False)
TOLD = Figure("told", "broker", "events/s", None, None, True, "raw client")


def measured(*pairs):
    result = Measured()
    for pair in pairs:
        result.add(*pair)
    return result


def results_at(factor):
    """Every figure that much above (rising) or below (falling) its gate; 1 = just on it."""
    results = {}
    for figure in FIGURES:
        gate = 1 if figure.gate is None else figure.gate
        value = gate * factor if figure.rises else gate / factor
        results[figure.key] = measured((value, 1) if figure.peer else (value,))
    return results


ABOUT = report.About("2026-11-22", "abc", "a machine", "libzmq5 4", 0.1, 5.0, 7, "3 lines")


class Pairs(unittest.TestCase):
    def test_the_median_is_that_of_the_ratios_not_of_the_values(self):
        pairs = measured((1, 1), (10, 20), (100, 400))
        self.assertEqual(value_of(RATE, pairs), 0.5)

    def test_a_figure_without_a_peer_is_the_median_of_its_values(self):
        self.assertEqual(value_of(SIZE, measured((9,), (30,), (11,))), 11)

    def test_a_pair_that_lacks_its_peer_is_an_error(self):
        with self.assertRaises(ValueError):
            value_of(RATE, measured((1, 1), (2,)))

    def test_every_system_stands_at_every_place_equally_often(self):
        names = ["a", "b", "c"]
        orders = [alternated(names, turn) for turn in range(6)]
        for place in range(3):
            self.assertEqual(sorted(order[place] for order in orders), sorted(names * 2))
        self.assertEqual(names, ["a", "b", "c"])


class Verdicts(unittest.TestCase):
    def test_the_more_the_better_where_a_figure_rises(self):
        for value, word in ((0.79, "BELOW"), (0.8, "gate"), (0.89, "gate"), (0.9, "goal")):
            self.assertEqual(verdict(RATE, measured((value, 1))), word)

    def test_the_less_the_better_where_it_falls(self):
        for value, word in ((3.01, "BELOW"), (3.0, "gate"), (2.0, "goal")):
            self.assertEqual(verdict(TIME, measured((value, 1))), word)
        self.assertEqual(verdict(SIZE, measured((17,))), "BELOW")

    def test_what_was_not_measured_and_what_has_no_gate_say_so(self):
        self.assertEqual(verdict(RATE, Measured()), "not measured")
        self.assertEqual(verdict(TOLD, measured((0.1, 1))), "")


class ExitStatus(unittest.TestCase):
    def test_is_0_when_every_gate_holds(self):
        self.assertEqual(exit_status(results_at(1), judged=True), 0)

    def test_is_1_when_a_single_gate_is_missed(self):
        for figure in FIGURES:
            results = results_at(1)
            results[figure.key] = results_at(0.9)[figure.key]
            missed = int(figure.gate is not None)
            self.assertEqual(exit_status(results, judged=True), missed, figure.key)

    def test_is_1_when_a_figure_is_missing(self):
        results = results_at(1)
        results["event"] = Measured()
        self.assertEqual(exit_status(results, judged=True), 1)

    def test_is_0_without_gates(self):
        self.assertEqual(exit_status(results_at(0.1), judged=False), 0)


class Report(unittest.TestCase):
    def test_the_table_has_a_row_for_each_figure_and_even_columns(self):
        lines = report.table(results_at(1)).split("\n")
        self.assertEqual(len(lines), len(FIGURES) + 2)
        self.assertEqual(len({line.count("|") for line in lines}), 1)
        self.assertEqual(len({len(line) for line in lines}), 1)

    def test_a_row_shows_both_medians_the_ratio_and_the_verdict(self):
        row = report.cells(RATE, measured((1_234_567, 2_000_000)))
        self.assertEqual(row, ("broker", "1 234 567 events/s", "2 000 000", "bare loop", "0.62",
                               "≥ 0.8", "≥ 0.9", "BELOW"))

    def test_a_run_is_kept_and_can_be_read_again(self):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "docs").mkdir()
            (root / "tests/bench").mkdir(parents=True)
            template = Path(__file__).with_name("performance.md.in").read_text()
            (root / "tests/bench/performance.md.in").write_text(template)
            report.write(root, ABOUT, results_at(1.234567))
            text = (root / "docs/performance.md").read_text()
            kept = json.loads((root / "tests/bench/runs/2026-11-22-abc.json").read_text())
        self.assertNotIn("{", text)
        self.assertIn("a machine", text)
        self.assertEqual(kept["about"]["pairs"], 7)
        self.assertEqual(set(kept["figures"]), {figure.key for figure in FIGURES})


if __name__ == "__main__":
    unittest.main()
