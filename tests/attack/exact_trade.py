"""A trade that strikenet check prints, looked at again in exact fractions: what it costs and the least that it pays.

Written from docs/reference/check-json.md. Along a path S_1, S_2, ... of the underlying a trade with hedges pays, in today's
money,

    payoff = sum_i D_i P_i(S_i) + sum_i D_j h_i(S_i) (S_j - S_i F_j / F_i),   j the next expiry of the trade.

Roots that settle at one instant pay at one price of the underlying, S_j = S_i F_j / F_i.
"""
from fractions import Fraction


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
    """The least over all paths, or None where it is without bound. Expiries in the order of time, as in `assumed`."""
    keys = [key for key in assumed if key in legs_by_expiry or any(key in (a, b) for a, b in hedges)]
    later = None
    for at in range(len(keys) - 1, -1, -1):
        key = keys[at]
        forward, discount = assumed[key]
        following = keys[at + 1] if at + 1 < len(keys) else None
        steps = hedges.get((key, following), [])
        pieces = of_legs(legs_by_expiry.get(key, []), steps, discount)
        if later is not None:
            next_forward, next_discount = assumed[following]
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


def at_one_price(legs_by_expiry, hedges, assumed, same_instant):
    """Expiries of one instant as one, in units of the first: (S - K)+ at S F_j / F_i is F_j / F_i of (S - K F_i / F_j)+."""
    first_of, merged, kept = {}, {}, {}
    for key, (forward, discount) in assumed.items():
        first = first_of[key] = first_of[last] if key in same_instant else key
        last = key
        kept.setdefault(first, (forward, discount))
        units = forward / kept[first][0]
        for leg in legs_by_expiry.get(key, []):
            scaled = {**leg, "strike": leg["strike"] / units, "units": leg["units"] * units}
            merged.setdefault(first, []).append(scaled)
    moved = {}
    for (a, b), steps in hedges.items():
        units = assumed[a][0] / kept[first_of[a]][0]
        # so many forwards to b, whose price is F_b / F_first of what those to the first of its instant have
        forwards = assumed[b][0] / kept[first_of[b]][0]
        moved[first_of[a], first_of[b]] = [
            {"spot": step["spot"] / units, "forwards": step["forwards"] * forwards} for step in steps]
    return merged, moved, kept


def floor_of_each(legs_by_expiry):
    """Of a trade without a hedge: the least that any expiry pays, nothing being carried from one to another."""
    leasts = [of_legs(legs, [], Fraction(1)).least(Fraction(0)) for legs in legs_by_expiry.values()]
    return None if None in leasts else min(leasts)


def key_of(entry, prefix=""):
    return entry[prefix or "expiry"], entry.get(f"{prefix}_root" if prefix else "root", "") or ""


def problem_of(trade, quotes, fee=0):
    """Empty where the trade is what it says. `quotes` by line of the file: expiry, strike, C or P, bid, ask."""
    legs_by_expiry, cost = {}, Fraction(0)
    for leg in trade["legs"]:
        expiry, strike, kind, bid, ask = quotes[leg["line"]]
        if (leg["expiry"], leg["strike"], leg["type"]) != (expiry, strike, kind):
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
        assumed = {key_of(entry): (entry["forward"], entry["discount"]) for entry in trade["assumed"]}
        same_instant = {key_of(entry) for entry in trade["assumed"] if entry.get("order") == "same instant"}
        if any(assumed[a][1] != assumed[b][1] for a, b in zip(assumed, list(assumed)[1:]) if b in same_instant):
            return "cash has two prices at one instant"
        floor = floor_of_paths(*at_one_price(legs_by_expiry, hedges, assumed, same_instant))
    else:
        floor = floor_of_each(legs_by_expiry)
    if floor is None or floor < 0:
        return f"its least payoff is {floor if floor is None else float(floor)}, but must be at least 0"
    weak = trade["label"].startswith("weak")
    if cost > 0 or (not weak and cost == 0):
        return f"it costs {float(cost)}, which is no {trade['label']}"
    return ""
