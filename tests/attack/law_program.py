"""Whether quotes contradict each other, as a linear program over probabilities, solved by the program clp.

Not the program of the library, whose unknowns are call prices: here they are the discounted probabilities of every
expiry at one grid of spot over forward, and a share r that stands for a price without bound. Quotes only bound sums of
them. The objective is the least amount x, in currency, by which the worst quote has to give way: above 0 there is an
arbitrage, below 0 there is room and none.
"""
import re
import subprocess


class Unsolved(Exception):
    """clp did not say that it is optimal."""


class Program:
    """Rows and bounds as an LP file."""

    def __init__(self):
        self.rows = []

    def row(self, terms, sense, right):
        text = " ".join(f"{'+' if c >= 0 else '-'} {abs(c)!r} {name}" for name, c in terms if c)
        if text:
            self.rows.append(f"r{len(self.rows)}: {text} {sense} {right!r}")

    def least(self, objective, free, folder):
        """The least of one unknown; those not in `free` are at least 0."""
        lines = ["Minimize", f"obj: {objective}", "Subject To", *self.rows, "Bounds", *(f"{name} free" for name in free),
                 "End", ""]
        (folder / "program.lp").write_text("\n".join(lines))
        done = subprocess.run(["clp", "program.lp", "-primalT", "1e-9", "-dualT", "1e-9", "-dualsimplex"], cwd=folder,
                              capture_output=True, text=True, timeout=60, check=False)
        found = re.search(r"Optimal - objective value (\S+)|Optimal objective (\S+)", done.stdout)
        if not found:
            raise Unsolved(done.stdout[-1500:] + done.stderr[-500:])
        return float(found[1] or found[2])


def contradiction(quotes, proportions, folder):
    """The least x. `quotes`: (slice, strike, is_call, bid or None, ask or None); `proportions` of each slice in order of
    time: forward, discount factor, of which only the ratios are used, and instant: slices of one are of one law. One slice
    alone assumes nothing: its discount factor and forward are free unknowns, and the forward only sets the scale."""
    program = Program()
    forwards = [float(forward) for forward, *_ in proportions]
    factors = [float(forward * discount) for forward, discount, _ in proportions]
    grid = sorted({0.0} | {float(strike) / forwards[n] for n, strike, *_ in quotes})
    width = len(grid)

    def q(n, j):
        return f"q{n}_{j}"

    def call(n, k):
        return [(q(n, j), grid[j] - k) for j in range(width) if grid[j] > k] + [(f"r{n}", 1.0)]

    for n, strike, is_call, bid, ask in quotes:
        k = float(strike) / forwards[n]
        price = call(n, k) if is_call else [(q(n, j), k - grid[j]) for j in range(width) if grid[j] < k]
        price = [(name, c * factors[n]) for name, c in price]
        if ask is not None:
            program.row(price + [("x", -1.0)], "<=", float(ask))
        if bid:
            program.row(price + [("x", 1.0)], ">=", float(bid))
    for n in range(1, len(proportions)):
        program.row([(q(n, j), 1.0) for j in range(width)] + [(q(n - 1, j), -1.0) for j in range(width)], "=", 0.0)
        program.row(call(n, 0.0) + [(name, -c) for name, c in call(n - 1, 0.0)], "=", 0.0)
        sense = "=" if proportions[n][2] == proportions[n - 1][2] else ">="
        for k in grid[1:]:
            program.row(call(n, k) + [(name, -c) for name, c in call(n - 1, k)], sense, 0.0)
    program.row([("x", 1.0)], ">=", -1.0)  # there is no more room than that to be found
    return program.least("x", ["x"], folder)
