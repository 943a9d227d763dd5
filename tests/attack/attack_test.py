"""The attacks find what they should: the second implementations on cases worked by hand, and commands that are broken.

  attack_test.py STRIKENET [OPTION OF ATTACK...]
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from fractions import Fraction

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

import exact_surface  # noqa: E402
import exact_trade  # noqa: E402
import law_program  # noqa: E402

COMMAND, OPTIONS = "", []


def surface(*weights, activation="relu", knots=(0.5, 1, 1.5), **fields):
    slices = [{"expiry": f"T={n + 1}", "t": n + 1, "forward": 100, "discount": 1, "weights": list(w)}
              for n, w in enumerate(weights)]
    return {"schema": "strikenet.surface/1", "activation": activation, "knots": list(knots), "slices": slices} | fields


class ExactSurface(unittest.TestCase):
    def verdict(self, document):
        return exact_surface.verdict(json.dumps(document))[0]

    def test_proves_a_law_of_mass_and_mean_one(self):
        self.assertEqual(self.verdict(surface([0.25, 0.5, 0.25])), 0)

    def test_moves_the_carriers_by_a_rounding_and_no_more(self):
        self.assertEqual(self.verdict(surface([0.25, 0.5, 0.25 + 1e-13])), 0)
        self.assertEqual(self.verdict(surface([0.25, 0.5, 0.25 + 1e-11])), 1)

    def test_forgives_no_negative_weight(self):
        self.assertEqual(self.verdict(surface([0.25, 0.5, -5e-324, 0.25], knots=(0.5, 1, 1.25, 1.5))), 1)

    def test_asks_for_two_carriers(self):
        self.assertEqual(self.verdict(surface([0, 1, 0])), 1)

    def test_asks_for_order_in_time(self):
        narrow, wide = [0.25, 0.5, 0.25], [0.375, 0.25, 0.375]
        self.assertEqual(self.verdict(surface(narrow, wide)), 0)
        self.assertEqual(self.verdict(surface(wide, narrow)), 1)
        self.assertEqual(self.verdict(surface(wide, narrow, calendar=False)), 0)

    def test_sums_what_lies_above_a_point(self):
        law = exact_surface.Law([0.5, 1, 1.5], [0.25, 0.5, 0.25], 1)
        self.assertEqual(law.calls([Fraction(0), Fraction(3, 4), Fraction(1), Fraction(2)]),
                         [1, Fraction(5, 16), Fraction(1, 8), 0])

    def test_refuses_what_the_reference_does_not_allow(self):
        for change in ({"forward": -100}, {"discount": 0}, {"t": 0}, {"weights": [0.5, 0.5]}, {"weights": [0.25, "x", 0.25]}):
            document = surface([0.25, 0.5, 0.25])
            document["slices"][0] |= change
            self.assertEqual(self.verdict(document), 3, change)
        self.assertEqual(self.verdict(surface([0.25, 0.5, 0.25], knots=(0.5, 0.5, 1.5))), 3)
        self.assertEqual(self.verdict({"schema": "strikenet.surface/1"}), 3)


def leg(strike, kind, units, expiry="A", line=2):
    return {"expiry": expiry, "root": "", "strike": Fraction(strike), "type": kind, "units": Fraction(units), "line": line}


class ExactTrade(unittest.TestCase):
    def test_finds_the_least_of_a_butterfly(self):
        legs = [leg(90, "C", 1), leg(100, "C", -2), leg(110, "C", 1)]
        self.assertEqual(exact_trade.floor_of_each({"A": legs}), 0)
        legs[1]["units"] = Fraction(-3)
        self.assertIsNone(exact_trade.floor_of_each({"A": legs}))  # short a call as spot rises
        self.assertEqual(exact_trade.floor_of_each({"A": [leg(100, "P", -1)]}), -100)

    def test_hedges_a_calendar_spread_along_every_path(self):
        """Theorem 4: where the earlier call ends in the money, a forward is sold."""
        legs = {("A", ""): [leg(100, "C", -1)], ("B", ""): [leg(100, "C", 1)]}
        assumed = {("A", ""): (Fraction(100), Fraction(1), 1), ("B", ""): (Fraction(100), Fraction(1), 2)}
        steps = [{"spot": Fraction(0), "forwards": Fraction(0)}, {"spot": Fraction(100), "forwards": Fraction(-1)}]
        hedge = {(("A", ""), ("B", "")): steps}
        self.assertEqual(exact_trade.floor_of_paths(legs, hedge, assumed), 0)
        steps[1]["spot"] = Fraction(90)
        self.assertEqual(exact_trade.floor_of_paths(legs, hedge, assumed), -10)
        self.assertIsNone(exact_trade.floor_of_paths(legs, {(("A", ""), ("B", "")): steps[:1]}, assumed))

    def test_needs_no_hedge_at_one_instant(self):
        """An option on an index against ten on a tenth of it: each pays what the other does."""
        legs = {("A", "X"): [leg(100, "C", -1)], ("A", "Y"): [leg(10, "C", 10)]}
        assumed = {("A", "X"): (Fraction(100), Fraction(1), 1), ("A", "Y"): (Fraction(10), Fraction(1), 1)}
        self.assertEqual(exact_trade.floor_of_paths(legs, {}, assumed), 0)
        legs[("A", "Y")][0]["strike"] = Fraction(11)
        self.assertEqual(exact_trade.floor_of_paths(legs, {}, assumed), -10)

    def test_takes_prices_from_the_file(self):
        quotes = {line: (("A", ""), Fraction(strike), "C", Fraction(bid), Fraction(bid + 1))
                  for line, strike, bid in ((2, 100, 1), (3, 110, 3))}
        trade = {"label": "arbitrage", "legs": [leg(100, "C", 1), leg(110, "C", -1, line=3)]}
        self.assertEqual(exact_trade.problem_of(trade, quotes), "")
        quotes[3] = (("A", ""), Fraction(110), "C", Fraction(2), Fraction(4))
        self.assertIn("costs 0", exact_trade.problem_of(trade, quotes))


@unittest.skipUnless(shutil.which("clp"), "the program clp is missing")
class LawProgram(unittest.TestCase):
    def least(self, quotes, proportions=((Fraction(100), Fraction(1), 1),)):
        with tempfile.TemporaryDirectory() as folder:
            return law_program.contradiction([(n, Fraction(k), c, Fraction(b), Fraction(a)) for n, k, c, b, a in quotes],
                                             proportions, pathlib.Path(folder))

    def test_asks_four_quotes_of_a_butterfly_to_give_way_alike(self):
        """It is received at 9 - 2 x 4 = 1 or so; each of the four units gives way by a quarter of what is gained."""
        quotes = [(0, 90, True, 12, 12), (0, 100, True, 9, 9), (0, 110, True, 4, 4)]
        self.assertAlmostEqual(self.least(quotes), (2 * 9 - 12 - 4) / 4)

    def test_finds_room_where_there_is(self):
        self.assertAlmostEqual(self.least([(0, 100, True, 4, 5)]), -0.5)

    def test_asks_for_order_in_time(self):
        quotes = [(0, 100, True, 6, 6), (1, 100, True, 5, 5)]
        one, other = (Fraction(100), Fraction(1), 1), (Fraction(100), Fraction(1), 2)
        self.assertAlmostEqual(self.least(quotes, (one, other)), 0.5)
        dearer = [(0, 100, True, 5, 5), (1, 100, True, 6, 6)]
        self.assertAlmostEqual(self.least(dearer, (one, other)), 0)
        self.assertAlmostEqual(self.least(dearer, (one, one)), 0.5)


class Page(unittest.TestCase):
    """docs/reliability.md is about the attacks that there are, and of a long run in which nothing failed."""

    def test_names_the_attacks(self):
        page = (HERE.parent.parent / "docs" / "reliability.md").read_text(encoding="utf-8")
        listed = subprocess.run([sys.executable, "-B", HERE / "attack.py", "--list", "--command", "none"], capture_output=True,
                                text=True, check=True).stdout
        names = [line.split(":")[0] for line in listed.splitlines()]
        explained = re.findall(r"^\| (\w+) \|", page, re.MULTILINE)
        self.assertEqual(explained, ["attack", *names])
        counted = re.findall(r"^(\w+) +(\d+) +(\d+) +(\d+) +(\d+) +\d+$", page, re.MULTILINE)
        self.assertEqual([name for name, *_ in counted], names)
        for name, tried, held, failed, undecided in counted:
            self.assertEqual((int(failed), int(held) + int(undecided)), (0, int(tried)), name)


class Broken(unittest.TestCase):
    """A command that is wrong in one way fails the attack that looks for it."""

    def attack(self, name, script):
        with tempfile.TemporaryDirectory() as folder:
            command = pathlib.Path(folder) / "strikenet"
            command.write_text(f'#!/bin/bash\nreal={COMMAND}\n{script}\n')
            command.chmod(0o755)
            os.chmod(folder, 0o755)
            done = subprocess.run([sys.executable, "-B", HERE / "attack.py", *OPTIONS, "--command", command, "--only", name,
                                   "--failed", pathlib.Path(folder) / "failed", "--first"], capture_output=True,
                                  text=True, check=False)
            kept = sorted((pathlib.Path(folder) / "failed" / name).glob("*/message"))
            return done.returncode, kept[0].read_text() if kept else done.stdout + done.stderr

    def assert_found(self, name, script, words):
        status, message = self.attack(name, script)
        self.assertEqual(status, 1, message)
        self.assertRegex(message, words)

    def test_a_verdict_that_is_always_yes(self):
        self.assert_found("surfaces", '"$real" "$@"; [ "$1" != check ] || exit 0', "exact fractions say")

    @unittest.skipUnless(shutil.which("clp"), "the program clp is missing")
    def test_a_chain_that_is_always_free(self):
        self.assert_found("verdicts", '"$real" "$@" | sed "s/\\"verdict\\": \\"arbitrage\\"/\\"verdict\\": \\"none\\"/"; '
                          'exit ${PIPESTATUS[0]}', "verdict is 'none'")

    def test_a_crash_on_bad_input(self):
        self.assert_found("inputs", '"$real" "$@"; s=$?; [ $s != 3 ] || kill -SEGV $$; exit $s', "ended by signal 11")

    def test_an_output_that_replaces_what_is_there(self):
        self.assert_found("outputs", 'for last; do :; done; [ ! -L "$last" ] || rm "$last"; exec "$real" "$@"', "it was|mode was")


if __name__ == "__main__":
    COMMAND, OPTIONS = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:]
    unittest.main(argv=sys.argv[:1])
