"""A trade that strikenet check prints, looked at again in exact fractions: what it costs and the least that it pays.

Written from docs/reference/check-json.md. Along a path S_1, S_2, ... of the underlying a trade with hedges pays, in today's
money,

    payoff = sum_i D_i P_i(S_i) + sum_i D_j h_i(S_i) (S_j - S_i F_j / F_i),   j the next expiry of the trade.
"""
import bisect
from fractions import Fraction

SAME = "same instant"


def option_pays(leg, spot):
    distance = spot - leg["strike"] if leg["type"] == "C" else leg["strike"] - spot
    return leg["units"] * max(Fraction(0), distance)


def pays(legs, spot):
    return sum((option_pays(leg, spot) for leg in legs), Fraction(0))


def last_slope(legs):
    return sum((leg["units"] for leg in legs if leg["type"] == "C"), Fraction(0))


class Pieces:
    """A function of spot >= 0 that is linear on each [x_i, x_i+1) and may jump: value at x_i, and slope from there on."""

    def __init__(self, starts, values, slopes):
        self.starts, self.values, self.slopes = starts, values, slopes

    def at(self, spot):
        """Value and slope."""
        i = bisect.bisect_right(self.starts, spot) - 1
        return self.values[i] + self.slopes[i] * (spot - self.starts[i]), self.slopes[i]

    def plus(self, other, ratio):
        """With `other` at `ratio` times the spot added."""
        starts = sorted({*self.starts, *(x / ratio for x in other.starts)})
        mine, its = [self.at(x) for x in starts], [other.at(x * ratio) for x in starts]
        return Pieces(starts, [a[0] + b[0] for a, b in zip(mine, its)], [a[1] + ratio * b[1] for a, b in zip(mine, its)])

    def least(self, slope):
        """Its infimum with `slope` times the spot added; None where there is none."""
        if self.slopes[-1] + slope < 0:
            return None
        ends = [value + slope * x for x, value in zip(self.starts, self.values)]
        lefts = [value + own * (end - x) + slope * end
                 for x, value, own, end in zip(self.starts, self.values, self.slopes, self.starts[1:])]
        return min(ends + lefts)


def of_legs(legs, steps, discount):
    """What the legs pay, in today's money, on pieces that begin at the kinks and at the steps of the hedge."""
    starts = sorted({Fraction(0), *(leg["strike"] for leg in legs), *(step["spot"] for step in steps)})
    values = [discount * pays(legs, x) for x in starts]
    slopes = [(b - a) / (y - x) for x, y, a, b in zip(starts, starts[1:], values, values[1:])]
    return Pieces(starts, values, slopes + [discount * last_slope(legs)])


def held(steps, spot):
    return [step["forwards"] for step in steps if step["spot"] <= spot][-1]


def floor_of_paths(legs_by_expiry, hedges, assumed):
    """The least over all paths, or None where it is without bound. `assumed` of each expiry, in the order of time: forward,
    discount factor, and the number of its instant: of one instant spots are in proportion to the forwards."""
    keys = [key for key in assumed if key in legs_by_expiry or any(key in (a, b) for a, b in hedges)]
    later = None
    for key, following in reversed(list(zip(keys, [*keys[1:], None]))):
        forward, discount, instant = assumed[key]
        steps = hedges.get((key, following), [])
        pieces = of_legs(legs_by_expiry.get(key, []), steps, discount)
        if later is not None:
            next_forward, next_discount, next_instant = assumed[following]
            if next_instant == instant:
                pieces = pieces.plus(later, next_forward / forward)
            else:
                for i, x in enumerate(pieces.starts):
                    forwards = held(steps, x) if steps else Fraction(0)
                    least = later.least(next_discount * forwards)
                    if least is None:
                        return None
                    slope = -next_discount * forwards * next_forward / forward
                    pieces.values[i] += least + slope * x
                    pieces.slopes[i] += slope
        later = pieces
    return later.least(Fraction(0))


def with_instants(entries):
    """What is assumed of each expiry, as floor_of_paths takes it, from the list that is printed."""
    assumed, instant = {}, 0
    for entry in entries:
        instant += entry.get("order") != SAME
        assumed[key_of(entry)] = entry["forward"], entry["discount"], instant
    return assumed


def floor_of_each(legs_by_expiry):
    """Of a trade without a hedge: the least that any expiry pays, nothing being carried from one to another."""
    leasts = [of_legs(legs, [], Fraction(1)).least(Fraction(0)) for legs in legs_by_expiry.values()]
    return None if None in leasts else min(leasts)


def key_of(entry, prefix=""):
    return entry[prefix or "expiry"], entry.get(f"{prefix}_root" if prefix else "root", "") or ""


def problem_of(trade, quotes):
    """Empty where the trade is what it says. `quotes` by line of the file: key, strike, C or P, bid, ask."""
    legs_by_expiry, cost = {}, Fraction(0)
    for leg in trade["legs"]:
        key, strike, kind, bid, ask = quotes[leg["line"]]
        if (key_of(leg), leg["strike"], leg["type"]) != (key, strike, kind):
            return f"line {leg['line']} is another option"
        if not leg["units"]:
            return "a leg has no units"
        price = ask if leg["units"] > 0 else bid
        if price is None:
            return f"line {leg['line']} has no such price"
        cost += leg["units"] * price
        legs_by_expiry.setdefault(key_of(leg), []).append(leg)
    hedges = {(key_of(hedge, "from"), key_of(hedge, "to")): hedge["steps"] for hedge in trade.get("hedges") or []}
    if trade.get("assumed"):
        floor = floor_of_paths(legs_by_expiry, hedges, with_instants(trade["assumed"]))
    else:
        floor = floor_of_each(legs_by_expiry)
    if floor is None or floor < 0:
        return f"its least payoff is {floor if floor is None else float(floor)}, but must be at least 0"
    weak = trade["label"].startswith("weak")
    if cost > 0 or (not weak and cost == 0):
        return f"it costs {float(cost)}, which is no {trade['label']}"
    return ""
