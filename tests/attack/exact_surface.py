"""A second implementation of the certificate of a surface, in exact fractions.

Written from docs/reference/surface-json.md and docs/theory/proof-without-tolerance.md alone: it shares no code with the
library, so that the two can be held against each other.
"""
import json
import math
from fractions import Fraction

KNOTS_OF_A_UNIT = {"relu": 1, "quadratic": 2, "cubic": 3}
LARGEST_MOVE = Fraction(1, 10**12)
PROVED, NOT_PROVED, REFUSED = 0, 1, 3  # the exit status of strikenet check


class Refused(Exception):
    """The file breaks a rule of the reference, so that there is nothing to prove."""


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def rule(holds, what):
    if not holds:
        raise Refused(what)


def checked_knots(knots, width):
    rule(isinstance(knots, list) and all(map(is_number, knots)), "knots are numbers")
    rule(len(knots) >= width, "there are knots for a unit")
    rule(knots[0] >= 0, "the first knot is at least 0")
    rule(all(a < b for a, b in zip(knots, knots[1:])), "knots increase")
    return knots


def checked(surface):
    """The slices as (key, t, discount, knots, weights), numbers as the doubles that the file means."""
    rule(surface.get("schema") in ("strikenet.surface/1", "strikenet.surface/2"), "the schema")
    rule(surface.get("activation") in KNOTS_OF_A_UNIT, "the activation")
    width = KNOTS_OF_A_UNIT[surface["activation"]]
    rule(isinstance(surface.get("slices"), list) and surface["slices"], "there are slices")
    common = checked_knots(surface["knots"], width) if "knots" in surface else None
    slices, keys = [], set()
    for entry in surface["slices"]:
        for name in ("t", "forward", "discount"):
            rule(is_number(entry.get(name)) and entry[name] > 0, f"{name} is above 0")
        unit = entry["forward"] * entry["discount"]
        rule(unit > 0 and math.isfinite(unit), "what a forward costs is above 0")
        own = "knots" in entry
        rule(not own or surface["activation"] == "relu", "knots of a slice's own are for relu")
        knots = checked_knots(entry["knots"], width) if own else common
        rule(knots is not None, "there are knots")
        weights = entry.get("weights")
        rule(isinstance(weights, list) and all(map(is_number, weights)), "weights are numbers")
        rule(len(weights) == len(knots) - width + 1, "there is a weight for each unit")
        key = entry.get("expiry"), entry.get("root", "")
        rule(key not in keys, "each slice has a name of its own")
        keys.add(key)
        slices.append((key, entry["t"], entry["discount"], knots, weights))
    for before, after in zip(slices, slices[1:]):
        rule(after[1] >= before[1], "t does not fall")
    instants = [(t, key[1]) for key, t, *_ in slices]
    rule(len(set(instants)) == len(instants), "at one instant roots differ")
    return slices, width


class Law:
    """One slice with its carriers moved: the nodes and weights, and whether all of it is proved."""

    def __init__(self, knots, weights, width):
        knots, self.weights = [Fraction(x) for x in knots], [Fraction(x) for x in weights]
        self.nodes = [sum(knots[j:j + width]) / width for j in range(len(weights))]
        self.proved = self.move_carriers() and min(self.weights) >= 0

    def move_carriers(self):
        w, m = self.weights, self.nodes
        large = [j for j in range(len(w)) if w[j] > 0 and 10 * w[j] >= max(w)]
        if len(large) < 2:
            return False
        a, b = large[0], large[-1]
        e, q = 1 - sum(w), 1 - sum(x * y for x, y in zip(w, m))
        d = (q - e * m[a]) / (m[b] - m[a])
        w[a], w[b] = w[a] + e - d, w[b] + d
        return abs(e - d) <= LARGEST_MOVE and abs(d) <= LARGEST_MOVE

    def calls(self, points):
        """sum_j w_j (m_j - k)+ at increasing points: what lies above them, summed up from the right."""
        above = sorted(zip(self.nodes, self.weights))
        mass = moment = Fraction(0)
        calls = []
        for k in reversed(points):
            while above and above[-1][0] > k:
                node, weight = above.pop()
                mass, moment = mass + weight, moment + weight * node
            calls.append(moment - k * mass)
        return calls[::-1]


def in_order(before, after):
    """Neighbours (t, discount, law): the later one is worth at least as much at every node of either."""
    points = sorted({*before[2].nodes, *after[2].nodes})
    gaps = [later - earlier for later, earlier in zip(after[2].calls(points), before[2].calls(points))]
    if after[0] == before[0]:
        return after[1] == before[1] and not any(gaps)
    return min(gaps) >= 0


def verdict(text):
    """The exit status that strikenet check has to have, and the reason in words."""
    try:
        surface = json.loads(text)
        slices, width = checked(surface)
    except (Refused, ValueError) as refused:
        return REFUSED, str(refused)
    laws = [(t, discount, Law(knots, weights, width)) for _, t, discount, knots, weights in slices]
    if not all(law.proved for *_, law in laws):
        return NOT_PROVED, "a slice is not proved"
    if surface.get("calendar", True) and not all(map(in_order, laws, laws[1:])):
        return NOT_PROVED, "slices are not in order"
    return PROVED, "proved"
