"""repair of random dirty chains: what it writes passes check, and a second repair changes nothing."""
from chains import EXPIRIES, YEARS, decimal, disturb, random_chain
from harness import HELD, Attack, require, require_sound, undecided

NOTHING_USABLE = "number of usable quotes is 0"
KINDS = ("bid and ask", "bid and ask", "--mid", "single prices", "vols")


def dirty_chain(random, kind):
    """Text of a chain of that kind."""
    chain = disturb(random_chain(random), random, random.choices(("noise", "off", "off", "calendar", "one-sided", "locked", "crossed"),
                                                                 k=random.choice((1, 2, 3))))
    if kind == "single prices":
        return chain.text("price", lambda quote: decimal(max(1, (quote.bid + quote.ask) // 2), chain.tick))
    if kind == "vols":
        years = dict(zip(EXPIRIES, YEARS))

        def vol(quote):
            x = (quote.strike / 100 - 1) / years[quote.expiry] ** 0.5
            level = 0.2 - 0.05 * x + 0.05 * x * x + random.choice((0, 0, 0, random.uniform(-0.05, 0.05)))
            return f"{max(0.03, level):.4f},100,0.98"
        return chain.text("vol,forward,discount", vol)
    return chain.text()


def attempt(setting, _, number, folder):
    random = setting.random("repairs", number)
    kind = random.choice(KINDS)
    text = dirty_chain(random, kind)
    files = {"chain.csv": text}
    (folder / "chain.csv").write_text(text)
    mid = ["--mid"] if kind == "--mid" else []
    norm = ["--norm", random.choice(("l1", "l1", "l2"))]

    def run(*words, statuses):
        ran = setting.command.run(words, folder)
        require_sound(ran, setting.command)
        require(ran.status in statuses, f"{kind}: exit status is {ran.status}, but must be of {statuses}\n{ran}", **files)
        return ran
    first = run("repair", "chain.csv", "--out", "once.csv", *norm, *mid, statuses={0, 3})
    if first.status == 3:
        require(NOTHING_USABLE in first.err, f"{kind}: exit status 3\n{first}", **files)
        return undecided("no quote of the chain is usable, and it is refused")
    once = files["once.csv"] = (folder / "once.csv").read_text()
    checked = run("check", "once.csv", *mid, statuses={0, 3})
    if checked.status == 3:  # what had no bid has no price in a file of middles, and then no expiry may have a forward
        require(mid and NOTHING_USABLE in checked.err, f"{kind}: exit status 3\n{checked}", **files)
        return undecided("without the quotes that have no bid no middle is usable, and check refuses the result")
    second = run("repair", "once.csv", "--out", "twice.csv", *norm, *mid, statuses={0})
    twice = files["twice.csv"] = (folder / "twice.csv").read_text()
    require(quotes(once) == quotes(twice), f"{kind}: a second repair changes something\n{first}\n{second}", **files)
    return HELD


def quotes(text):
    """The chain without the two columns that say what changed."""
    rows = [line.split(",") for line in text.splitlines()]
    return [[cell for name, cell in zip(rows[0], row) if not name.endswith("change")] for row in rows]


ATTACK = Attack("repairs", "repair of random dirty chains, then check, then repair again", 12, 100, lambda setting: None, attempt)
