"""Surfaces that someone has tampered with: strikenet check says of each what a second implementation says."""
import copy
import json
import math
from fractions import Fraction

import exact_surface
from harness import HELD, Attack, require, require_sound

BUNDLED = "market_data/bates_2026/chain.csv"
SHARED = "examples/spxw_2019-06-26_surface.json"


def binary(random, low, high):
    """A double with few binary digits, so that sums of several are exact."""
    return random.randint(int(low * 256), int(high * 256)) / 256


def synthetic(random):
    """Some slices of one activation, in order of time and proved: each law is the one before, spread about its places."""
    activation = random.choice(tuple(exact_surface.KNOTS_OF_A_UNIT))
    width = exact_surface.KNOTS_OF_A_UNIT[activation]
    count = random.choice((9, 13, 17))
    knots = [(1 + 0.125 * (j - (count - 1) / 2 + 0.0)) for j in range(count)]
    units = count - width + 1
    middle = (units - 1) / 2
    # Nodes are evenly spaced about 1: symmetric weights have mean 1, and moving mass outwards keeps mass and mean.
    weights = [Fraction(0)] * units
    inner = (math.floor(middle), math.ceil(middle))
    for j in inner:
        weights[j] += Fraction(1, 2)
    slices = []
    for number in range(random.randint(1, 4)):
        for _ in range(random.randint(1, 3)):
            spread = [Fraction(0)] * units
            share = Fraction(random.choice((2, 3, 4)), 8)  # of less no second unit would be a carrier
            for j, w in enumerate(weights):
                if 0 < j < units - 1:
                    spread[j - 1] += w * share / 2
                    spread[j + 1] += w * share / 2
                    spread[j] += w * (1 - share)
                else:
                    spread[j] += w
            weights = spread
        t = (number + 1) * 0.25
        slices.append({"expiry": f"T={t}", "t": t, "forward": 100 + number, "discount": 1 - number / 64,
                       "weights": [float(w) for w in weights]})
    surface = {"schema": f"strikenet.surface/{random.choice((1, 2))}", "activation": activation, "knots": knots, "slices": slices}
    if random.random() < 0.15:
        surface["calendar"] = False
    if activation == "relu" and random.random() < 0.3:
        own = random.choice(slices)
        own["knots"] = list(knots)
    return surface


def some_slice(surface, random):
    return random.choice(surface["slices"])


def some_weight(surface, random):
    weights = some_slice(surface, random)["weights"]
    positive = [j for j, w in enumerate(weights) if isinstance(w, float) and w > 0] or [0]
    return weights, random.choice(positive if random.random() < 0.7 else range(len(weights)))


def by_ulps(surface, random):
    weights, j = some_weight(surface, random)
    for _ in range(random.choice((1, 1, 2, 10, 1000))):
        weights[j] = math.nextafter(weights[j], random.choice((-1, 2)))


def by_a_share(surface, random):
    weights, j = some_weight(surface, random)
    weights[j] += random.choice((-1, 1)) * 10.0 ** random.uniform(-17, -3)


def between_weights(surface, random):
    """Keeps the mass, and often the mean as well."""
    weights = some_slice(surface, random)["weights"]
    if len(weights) < 3:
        return
    j = random.randrange(1, len(weights) - 1)
    by = random.choice((-1, 1)) * 2.0 ** random.randint(-50, -8)
    if random.random() < 0.7:
        weights[j - 1], weights[j], weights[j + 1] = weights[j - 1] + by, weights[j] - 2 * by, weights[j + 1] + by
    else:
        weights[j - 1], weights[j] = weights[j - 1] + by, weights[j] - by


def tiny_negative(surface, random):
    weights = some_slice(surface, random)["weights"]
    weights[random.randrange(len(weights))] = -random.choice((5e-324, 1e-300, 1e-20, 1e-16, 1e-13, 1e-12, 1e-11))


def swapped_weights(surface, random):
    slices = surface["slices"]
    one, other = random.choice(slices), random.choice(slices)
    one["weights"], other["weights"] = other["weights"], one["weights"]


def swapped_slices(surface, random):
    random.shuffle(surface["slices"])


def same_law(surface, random):
    slices = surface["slices"]
    for after, before in zip(slices[1:], slices):
        after["weights"] = list(before["weights"])


def moved_node(surface, random):
    knots = surface.get("knots") or [1.0]
    own = [entry["knots"] for entry in surface["slices"] if "knots" in entry]
    knots = random.choice([knots, *own])
    j = random.randrange(len(knots))
    knots[j] += random.choice((-1, 1)) * 10.0 ** random.uniform(-17, -1)


def swapped_forwards(surface, random):
    one, other = some_slice(surface, random), some_slice(surface, random)
    one["forward"], other["forward"] = other["forward"], one["forward"]


def odd_number(surface, random):
    some_slice(surface, random)[random.choice(("forward", "discount", "t"))] = random.choice(
        (-100, -1e-300, 0, -0.0, 5e-324, 1e-200, 1e308, 1.5, "1", None, True))


def doubled_t(surface, random):
    slices = surface["slices"]
    j = random.randrange(len(slices))
    slices[j]["t"] = slices[j - 1]["t"]
    if random.random() < 0.3:
        slices[j]["root"] = "OTHER"


def dropped_slice(surface, random):
    surface["slices"].pop(random.randrange(len(surface["slices"])))


def doubled_slice(surface, random):
    extra = copy.deepcopy(some_slice(surface, random))
    if random.random() < 0.7:
        extra["root"] = "OTHER"
    if random.random() < 0.5:
        extra["t"] += random.choice((0, 1e-9, 1))
    at = random.randrange(len(surface["slices"]) + 1)
    surface["slices"].insert(at, extra)


def cut_list(surface, random):
    weights = some_slice(surface, random)["weights"]
    weights.pop(random.randrange(len(weights)))


def no_calendar(surface, random):
    surface["calendar"] = random.choice((True, False))


def one_law(surface, random):
    """All at one unit, or scaled: mass is off, or there are no two carriers."""
    weights = some_slice(surface, random)["weights"]
    if random.random() < 0.5:
        factor = random.choice((0, 0.5, 1 + 2.0**-52, 1 + 1e-12, 2))
        weights[:] = [w * factor for w in weights]
    else:
        middle = len(weights) // 2
        weights[:] = [1.0 if j == middle else 0.0 for j in range(len(weights))]


TAMPERINGS = (by_ulps, by_ulps, by_a_share, by_a_share, between_weights, between_weights, tiny_negative, swapped_weights,
              swapped_slices, same_law, moved_node, swapped_forwards, odd_number, doubled_t, dropped_slice, doubled_slice,
              cut_list, no_calendar, one_law)


def prepare(setting):
    """The surfaces that stand for real ones; those of chance are made by each attempt."""
    fit = setting.folder / "bundled"
    ran = setting.command.run(["calibrate", setting.root / BUNDLED, "--out", fit, "--quiet", "--no-report"], setting.folder)
    require_sound(ran, setting.command, {0})
    surfaces = [json.loads((fit / "surface.json").read_text())]
    if (setting.shared / SHARED).is_file():
        surfaces.append(json.loads((setting.shared / SHARED).read_text()))
    return surfaces


def attempt(setting, real, number, folder):
    random = setting.random("surfaces", number)
    if number % 10 == 0:
        surface = copy.deepcopy(real[number // 10 % len(real)])
        keep = sorted(random.sample(range(len(surface["slices"])), min(4, len(surface["slices"]))))
        surface["slices"] = [surface["slices"][j] for j in keep]
    else:
        surface = synthetic(random)
    untampered = exact_surface.verdict(json.dumps(surface))
    require(untampered[0] == exact_surface.PROVED, f"the surface that is to be tampered with is not proved: {untampered[1]}")
    for _ in range(0 if number % 20 == 1 else random.choice((1, 1, 1, 2, 3))):
        if surface["slices"]:
            tampering = random.choice(TAMPERINGS)
            try:
                tampering(surface, random)
            except (TypeError, OverflowError):  # of a number that an earlier one has made a text
                pass
    text = json.dumps(surface)
    (folder / "surface.json").write_text(text)
    ran = setting.command.run(["check", "surface.json"], folder)
    files = {"surface.json": text}
    require_sound(ran, setting.command)
    expected, why = exact_surface.verdict(text)
    require(ran.status == expected, f"exact fractions say {expected} ({why})\n{ran}", **files)
    return HELD


ATTACK = Attack("surfaces", "tampered surfaces, against exact fractions in a second implementation", 60, 400, prepare,
                attempt)
