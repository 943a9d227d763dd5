"""Random chains: what strikenet check says of them, against linear programs written apart and solved by clp."""
import csv
import json
from fractions import Fraction

from chains import SAME_INSTANT, disturb, random_chain
from exact_trade import key_of, problem_of, with_instants
from harness import HELD, Attack, require, require_sound, undecided
from law_program import Unsolved, contradiction

CLEAR = 1e-7  # in currency: nearer to 0 a solver in floating point decides nothing
NOT_PROVED = 0.1  # ticks: nearer to 0 the command may say that it has proved neither


def quotes_of(text):
    """By line of the file: expiry and root, strike, C or P, bid, ask, as the decimals that the file has; an ask of 0 is none."""
    rows = {}
    for row in csv.DictReader(text.splitlines()):
        rows[len(rows) + 2] = ((row["expiry"], row["root"]), Fraction(row["strike"]), row["type"], Fraction(row["bid"]),
                               Fraction(row["ask"]) or None)
    return rows


def agrees(verdict, least, tick, what, ran, files):
    """Whether the program says the same."""
    if abs(least) < CLEAR:
        return undecided(f"no room and no contradiction above {CLEAR:g}: too near for floating point")
    if verdict == "not proved" and abs(least) < NOT_PROVED * tick:
        return undecided("check says 'not proved' of less than a tenth of a tick")
    expected = "arbitrage" if least > 0 else "none"
    require(verdict == expected, f"{what}: the verdict is '{verdict}', but quotes have to give way by {least:.3g}, so that "
            f"it must be '{expected}'\n{ran}", **files)
    return HELD


def within(found, quotes, tick, folder, ran, files):
    outcomes = []
    for entry in found["expiries"]:
        own = [(0, strike, kind == "C", bid, ask) for key, strike, kind, bid, ask in quotes.values() if key == key_of(entry)]
        require(len(own) == entry["quotes"], f"{entry['expiry']}: {entry['quotes']} quotes are looked at of {len(own)}\n{ran}",
                **files)
        least = contradiction(own, [(Fraction(100), Fraction(1), 1)], folder)
        outcomes.append(agrees(entry["verdict"], least, tick, " ".join(key_of(entry)), ran, files))
    return outcomes


def across(found, quotes, tick, folder, ran, files):
    calendar = found["calendar"]
    if calendar["verdict"] == "not applicable":
        return HELD
    assumed = with_instants(calendar["together"])
    keys = list(assumed)
    require(keys == sorted(keys, key=lambda key: key[0]), f"expiries are not in the order of time\n{ran}", **files)
    for before, after in zip(keys, keys[1:]):
        same = before[0] == after[0] and {before[1], after[1]} == set(SAME_INSTANT)
        require(same == (assumed[before][2] == assumed[after][2]), f"{after}: whether it is at the instant of {before}\n{ran}",
                **files)
        require(not same or assumed[before][1] == assumed[after][1], f"{after}: cash of one instant is not one cash\n{ran}",
                **files)
    own = [(keys.index(key), strike, kind == "C", bid, ask) for key, strike, kind, bid, ask in quotes.values() if key in keys]
    least = contradiction(own, list(assumed.values()), folder)
    return agrees(calendar["verdict"], least, tick, "across expiries", ran, files)


def attempt(setting, _, number, folder):
    random = setting.random("verdicts", number)
    chain = disturb(random_chain(random, two_roots=random.random() < 0.2), random)
    text = chain.text()
    files = {"chain.csv": text}
    (folder / "chain.csv").write_text(text)
    ran = setting.command.run(["check", "chain.csv", "--json"], folder)
    require_sound(ran, setting.command, {0, 1, 3, 4})
    if ran.status == 3:
        # Where no expiry has a forward, or three strikes, nothing is looked at, and that is said.
        require("number of usable quotes is 0" in ran.err, f"exit status 3\n{ran}", **files)
        return undecided("no expiry has a forward and three strikes, and the chain is refused")
    found = json.loads(ran.out, parse_float=Fraction, parse_int=Fraction)
    quotes = quotes_of(text)
    for trade in found["trades"]:
        problem = problem_of(trade, quotes)
        require(not problem, f"a trade that is printed: {problem}\n{ran}", **files)
    require(ran.status != 1 or found["trades"], f"there is arbitrage, but no trade is printed\n{ran}", **files)
    try:
        outcomes = [*within(found, quotes, chain.tick, folder, ran, files),
                    across(found, quotes, chain.tick, folder, ran, files)]
    except Unsolved as unsolved:
        require(False, f"clp: {unsolved}", **files, **{"program.lp": (folder / "program.lp").read_text()})
    return next((outcome for outcome in outcomes if outcome != HELD), HELD)


ATTACK = Attack("verdicts", "check of random chains, against linear programs written apart; trades in exact fractions", 40, 400,
                lambda setting: None, attempt)
