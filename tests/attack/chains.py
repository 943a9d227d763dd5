"""Random chains as text of the generic format: prices of a law or of Black's formula, in ticks, then what is wrong."""
import math
from fractions import Fraction

AS_OF = "2026-01-02T16:00-05:00"
EXPIRIES = ("2026-02-20", "2026-06-19", "2026-12-18", "2027-12-17")
YEARS = (49 / 365, 168 / 365, 350 / 365, 714 / 365)


def normal_cdf(x):
    return 0.5 * math.erfc(-x / math.sqrt(2))


def black(is_call, forward, strike, total_vol):
    """Undiscounted."""
    d = math.log(forward / strike) / total_vol
    sign = 1 if is_call else -1
    return sign * (forward * normal_cdf(sign * (d + total_vol / 2)) - strike * normal_cdf(sign * (d - total_vol / 2)))


class Quote:
    """A row: bid and ask in whole ticks."""

    def __init__(self, expiry, strike, is_call, bid, ask, root=""):
        self.expiry, self.strike, self.is_call, self.bid, self.ask, self.root = expiry, strike, is_call, bid, ask, root


def decimal(ticks, tick):
    """The decimal that so many ticks are, exactly."""
    if ticks is None:
        return ""
    value = ticks * tick
    digits = 0
    while (value * 10**digits).denominator != 1:
        digits += 1
    return f"{float(value):.{digits}f}"


class Chain:
    def __init__(self, quotes, tick):
        self.quotes, self.tick = quotes, tick

    def text(self, columns="bid,ask", fields=None):
        """`fields` of a quote gives what stands below `columns`."""
        fields = fields or (lambda quote: f"{decimal(quote.bid, self.tick)},{decimal(quote.ask, self.tick)}")
        lines = [f"as_of,hygiene,expiry,root,strike,type,{columns}"]
        for quote in self.quotes:
            kind = "C" if quote.is_call else "P"
            lines.append(f"{AS_OF},lenient,{quote.expiry},{quote.root},{quote.strike},{kind},{fields(quote)}")
        return "\n".join(lines) + "\n"


SAME_INSTANT = ("SPXW", "SPXPM")  # two roots that settle at one instant of a date


def random_chain(random, expiries=None, spread_ticks=None, two_roots=False):
    """One to four expiries by Black's formula with a smile, at a discount, bid and ask around it, in ticks. With two roots
    the last expiry is there under both, at nearly the same vols."""
    count = expiries or random.choice((1, 1, 2, 2, 3, 4))
    tick = Fraction(random.choice(("0.01", "0.01", "0.05", "0.1")))
    forward, rate, carry = 100.0, random.choice((0.0, 0.03)), random.choice((0.0, 0.01))
    vol, skew = random.uniform(0.12, 0.4), random.uniform(-0.3, 0.1)
    step = random.choice((2, 5, 10))
    slices = [(expiry, years, SAME_INSTANT[0] if two_roots else "", vol) for expiry, years in zip(EXPIRIES[:count], YEARS)]
    if two_roots:
        slices.append((*slices[-1][:2], SAME_INSTANT[1], vol * random.choice((1, 1, 1.02, 0.98, 1.2))))
    quotes = []
    for expiry, years, root, level in slices:
        slice_forward = forward * math.exp(carry * years)
        discount = math.exp(-rate * years)
        strikes = [strike for strike in range(60, 141, step) if random.random() < 0.7] or [100]
        if len(strikes) > 9:
            strikes = sorted(random.sample(strikes, 9))
        half = spread_ticks if spread_ticks is not None else random.choice((0, 1, 1, 2, 4))
        for strike in strikes:
            x = math.log(strike / slice_forward)
            total = max(0.05, level + skew * x + 0.3 * x * x) * math.sqrt(years)
            for is_call in (True, False):
                if random.random() < 0.15:
                    continue
                middle = discount * black(is_call, slice_forward, strike, total) / float(tick)
                bid, ask = max(0, math.floor(middle) - half), max(1, math.ceil(middle) + half)
                quotes.append(Quote(expiry, strike, is_call, bid, ask, root))
    return Chain(quotes, tick)


def disturb(chain, random, kinds=None):
    """Takes what random snapshots have: noise of a tick, a price far off, crossed, locked or one-sided quotes."""
    for kind in kinds or random.choices(("nothing", "noise", "off", "crossed", "one-sided", "locked", "calendar"),
                                        k=random.choice((1, 1, 2))):
        some = [quote for quote in chain.quotes if random.random() < 0.15] or chain.quotes[:1]
        if kind == "noise":
            for quote in chain.quotes:
                move = random.choice((-1, 0, 0, 1))
                quote.bid, quote.ask = max(0, quote.bid + move), max(1, quote.ask + move)
        elif kind == "off":
            quote = random.choice(chain.quotes)
            move = random.choice((-1, 1)) * random.randint(1, 60)
            quote.bid, quote.ask = max(0, quote.bid + move), max(1, quote.ask + move)
        elif kind == "crossed":
            quote = random.choice(some)
            quote.bid, quote.ask = quote.ask + random.randint(0, 3), quote.bid
        elif kind == "one-sided":
            for quote in some:
                quote.bid = 0
        elif kind == "locked":
            for quote in some:
                quote.ask = max(1, quote.bid + random.choice((0, 1)))
        elif kind == "calendar":
            last = max(quote.expiry for quote in chain.quotes)
            move = random.randint(1, 40)
            for quote in chain.quotes:
                if quote.expiry == last:
                    quote.bid, quote.ask = max(0, quote.bid - move), max(1, quote.ask - move)
    return chain
