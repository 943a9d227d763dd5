"""Mutated inputs of every reader, through the commands that read them."""
import gzip
import json
import re
import shutil

from chains import random_chain
from harness import HELD, Attack, require, require_sound

BUNDLED = "market_data/bates_2026/chain.csv"
VOLS = "market_data/sx5e_2010-03-01/vols.csv"
EXPIRY = "2026-06-19"
INPUT = "@"  # in the words of a command: the mutated file
# What C++ prints of a double that is no number. Mutations write them in other letters, so that an echo is none of these.
NO_NUMBER = re.compile(r"(?<![A-Za-z0-9_.])-?(?:nan|inf)(?![A-Za-z0-9_])")

NUMBER = re.compile(rb"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
ODD_NUMBERS = (b"NaN", b"Infinity", b"-INF", b"1e308", b"-1e308", b"1e309", b"-0", b"0", b"1e-320", b"5e-324", b"-1",
               b"9" * 400, b"0." + b"0" * 400 + b"1", b"1e999999999999", b"0x1p3", b"1,5", b"", b"1e", b"--1", b"NaN(7)",
               b"18446744073709551616", b"-9223372036854775809", b"2147483648")


def flipped_bytes(data, random):
    data = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 8, 64))):
        at = random.randrange(len(data))
        data[at] = random.choice((data[at] ^ (1 << random.randrange(8)), random.randrange(256), 0, 0xFF))
    return bytes(data)


def truncated(data, random):
    return data[:random.randrange(len(data))]


def spliced(data, random):
    """A piece repeated, taken out or moved elsewhere."""
    a, b = sorted(random.randrange(len(data) + 1) for _ in range(2))
    at = random.randrange(len(data) + 1)
    return random.choice((data[:a] + data[b:], data[:at] + data[a:b] + data[at:], data[:b] + data[a:b] * 3 + data[b:]))


def odd_numbers(data, random):
    found = list(NUMBER.finditer(data))
    chosen = set(random.sample(range(len(found)), min(len(found), random.choice((1, 1, 1, 2, 5)))))
    parts, at = [], 0
    for i, match in enumerate(found):
        if i in chosen:
            parts += [data[at:match.start()], random.choice(ODD_NUMBERS)]
            at = match.end()
    return b"".join(parts) + data[at:]


def scaled_numbers(data, random):
    """All numbers of a kind that are wrong in the same way."""
    share, factor = random.choice((0.1, 0.5, 1)), random.choice((-1, 1e-300, 1e300, 1e-9, 1e9, 0))
    return NUMBER.sub(lambda m: b"%r" % (float(m[0]) * factor) if random.random() < share else m[0], data)


def rows(data, random):
    lines = data.splitlines(keepends=True)
    for _ in range(random.choice((1, 1, 3))):
        if not lines:
            break
        a, b = random.randrange(len(lines)), random.randrange(len(lines))
        kind = random.randrange(4)
        if kind == 0:
            lines.insert(a, lines[b])
        elif kind == 1:
            lines.pop(a)
        elif kind == 2:
            lines[a], lines[b] = lines[b], lines[a]
        else:
            lines[a] = lines[a] * random.choice((2, 50))
    return b"".join(lines)


def columns(data, random):
    table = [line.split(b",") for line in data.splitlines()]
    width = len(table[0]) if table else 0
    a, b = random.randrange(max(1, width)), random.randrange(max(1, width))
    kind = random.randrange(4)
    for cells in table:
        if max(a, b) >= len(cells):
            continue
        if kind == 0:
            cells.insert(a, cells[b])
        elif kind == 1:
            cells.pop(a)
        elif kind == 2:
            cells[a], cells[b] = cells[b], cells[a]
        else:
            cells[a] = random.choice((b"", b" ", b'"', b"-", cells[b], b"x" * 5000))
    return b"\n".join(b",".join(cells) for cells in table) + b"\n"


def dressed(data, random):
    """The same file in other clothes."""
    return random.choice((
        lambda: b"\xEF\xBB\xBF" + data,
        lambda: data.replace(b"\n", b"\r\n"),
        lambda: data.replace(b"\n", b"\r"),
        lambda: data.decode("utf-8", "replace").encode("utf-16"),
        lambda: data.replace(b",", b";"),
        lambda: data.replace(b",", b"\t"),
        lambda: data.replace(b'"', b""),
        lambda: data.replace(b",", b',"'),
        lambda: data + b"\0" * random.choice((1, 100000)),
        lambda: b"\n" * 10000 + data,
        lambda: data * random.choice((2, 100)),
        lambda: b"[" * 100000 + data,
        lambda: b'{"a":' * 100000 + data))()


def packed(data, random):
    """Packed, and mostly damaged."""
    whole = gzip.compress(data)
    return random.choice((
        lambda: whole, lambda: whole[:random.randrange(len(whole))], lambda: flipped_bytes(whole, random),
        lambda: whole + whole, lambda: whole + b"tail", lambda: gzip.compress(whole),
        lambda: gzip.compress(data + b"\n" * (1 << 25))))()


def json_leaf(data, random):
    """One value of a JSON document is another: a list, nothing, a very long one."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return flipped_bytes(data, random)
    places = []

    def visit(node):
        for key in node if isinstance(node, dict) else range(len(node)):
            places.append((node, key))
            if isinstance(node[key], (dict, list)):
                visit(node[key])
    if not isinstance(document, (dict, list)):
        return data
    visit(document)
    for _ in range(random.choice((1, 1, 2)) if places else 0):
        node, key = random.choice(places)
        try:
            value = random.choice((None, True, [], {}, "", "x", -1, 0, 1e308, [[1]], [1] * 100000, {"a": node[key]}, "9" * 400,
                                   10**400, node[key], [node[key]] * 3))
            if random.random() < 0.2:
                del node[key]
            else:
                node[key] = value
        except (KeyError, IndexError):
            pass
    return json.dumps(document, default=str).encode()


MUTATIONS = {"text": (flipped_bytes, truncated, spliced, odd_numbers, odd_numbers, odd_numbers, scaled_numbers, rows, rows,
                      columns, columns, dressed, packed),
             "json": (flipped_bytes, truncated, spliced, odd_numbers, odd_numbers, scaled_numbers, json_leaf, json_leaf,
                      json_leaf, dressed, packed),
             "bytes": (flipped_bytes, flipped_bytes, truncated, spliced, packed)}


class Reader:
    """One kind of file: what mutations start from, and the commands that read it, words with INPUT for the file."""

    def __init__(self, name, kind, seeds, commands, file_name="input.csv"):
        self.name, self.kind, self.seeds, self.commands, self.file_name = name, kind, seeds, commands, file_name


def words(text):
    return text.split()


CHAIN_COMMANDS = tuple(map(words, (
    "inspect @", "inspect @ --json", "check @", "check @ --json", "check @ --mid --quiet", "convert @ --to csv",
    "inspect @ --rate 0.01", "repair @", "calibrate @ --out fit", f"varswap @ --expiry {EXPIRY}", "vix @")))
SURFACE_COMMANDS = tuple(map(words, (
    "check @", "check @ --json", "price @ --moneyness 0.5,1,1.5", "price @ --strike 0,1e-9,100,1e9 --expiry T=0.1,T=0.3,T=3 --json",
    "price @ --quantile 0,0.5,1 --table", "greeks @ --moneyness 0.9,1,1.1 --spot 100", "varswap @ --expiry 2026-06-19",
    "replicate --payoff butterfly:90,100,110 --chain chain.csv --expiry 2026-06-19 --surface @")))
POSITION_COMMANDS = tuple(map(words, (
    "convert @ --to table", "convert @ --to csv --error 0.01", "convert @ --to json", "convert @ --to network",
    "convert @ --to onnx --out net-out.onnx", "price surface.json --payoff @ --expiry 2026-06-19",
    "replicate --payoff @ --chain chain.csv --expiry 2026-06-19 --side super")))


def formats_of(command, folder):
    """The chain formats and the example of each, as strikenet formats prints them."""
    ran = command.run(["formats"], folder)
    require_sound(ran, command, {0})
    examples, name = {}, None
    for line in ran.out.splitlines():
        if line.startswith("Settlement on"):
            break
        if heading := re.match(r"([a-z][\w-]*): ", line):
            name, inside = heading[1], False
            examples[name] = []
        elif name and line == "  example":
            inside = True
        elif name and inside and line.startswith("    "):
            examples[name].append(line[4:])
    require(len(examples) > 5 and all(examples.values()), f"strikenet formats prints no examples that are understood\n{ran}")
    return {name: "\n".join(lines).encode() + b"\n" for name, lines in examples.items()}


NETWORK = {"schema": "strikenet.network/1", "layers": [
    {"name": "in", "op": "dense", "weights": [[1], [-1]], "bias": [-110, 90], "inputs": ["x"]},
    {"name": "act", "op": "rectify", "slope": [0.5, 2]}, {"name": "clip", "op": "clip", "low": 0, "high": 20},
    {"name": "two", "op": "constant", "values": [1, 2]}, {"name": "max", "op": "maximum", "inputs": ["clip", "two"]},
    {"name": "sum", "op": "add", "inputs": ["max", "clip"]}, {"name": "soft", "op": "softplus"},
    {"name": "norm", "op": "batch_norm", "gamma": [1, 2], "beta": [0, 1], "mean": [0, 0], "variance": [1, 2]},
    {"name": "all", "op": "concat", "inputs": ["norm", "in"]},
    {"name": "out", "op": "dense", "weights": [[1, 1, 1, 1]], "bias": [0]}]}
PORTFOLIO_CSV = b"type,strike,units\ncash,,5\nshares,,-1\nP,90,2\nC,110,-0.5\n"
PORTFOLIO_JSON = b'{"schema": "strikenet.portfolio/1", "cash": 5, "legs": [{"type": "P", "strike": 90, "units": 2}]}'
BOOK = b"expiry,strike,type,root\n2026-06-19,100,C,\nT=0.5,90,put,\n0.7,110,,\n"
STRIP = b"""term,strike,type,Q_mid
near,1955,put,19.75
near,1960,put/call average,22.775
near,1965,call,21.05
next,1955,put,22.75
next,1960,put/call average,24.775
next,1965,call,23.05
"""
FORWARDS = b"expiry,forward,root,discount\n2026-06-19,100.5,,0.98\n2026-02-20,100.1,,0.99\n"
HOLIDAYS = b"date,name\n2026-07-03,Independence Day\n2026-02-16,Presidents' Day\n"
PAYOFFS = (b"butterfly:90,100,110", b"pwl:0=1,90=0,100=0,100=5,110=20", b"call:100", b"digital-call:100,5", b"strangle:90,110",
           b"expr:max(S-100,0)^2 + (S > 3 ? ln(S) : pi)", b"expr:abs(S-100)/(1+S)")


def prepare(setting):
    """The readers with their seeds; a small calibration of them all lies in the folder of the attack."""
    command, folder = setting.command, setting.folder
    base = setting.folder / "base"
    base.mkdir()
    chain = random_chain(setting.random("inputs"), expiries=2, spread_ticks=3)
    (base / "chain.csv").write_text(chain.text())
    require_sound(command.run(["calibrate", "chain.csv", "--out", "fit", "--quiet"], base), command, {0, 4})
    shutil.copy(base / "fit" / "surface.json", base / "surface.json")
    (base / "net.json").write_text(json.dumps(NETWORK))
    require_sound(command.run(["convert", "butterfly:90,100,110", "--to", "onnx", "--out", "net.onnx"], base), command, {0})
    generic = chain.text().encode()
    readers = [Reader(f"chain {name}", "json" if text.lstrip()[:1] in b"{[" else "text",
                      [text] + ([generic] * 2 if name == "generic" else []), [w + ["--format", name] for w in CHAIN_COMMANDS]
                      + [list(w) for w in CHAIN_COMMANDS])
               for name, text in formats_of(command, folder).items()]
    surface = (base / "surface.json").read_bytes()
    readers += [
        Reader("bundled chain", "text", [b"".join((setting.root / BUNDLED).read_bytes().splitlines(True)[:120])],
               CHAIN_COMMANDS),
        Reader("bundled vols", "text", [b"".join((setting.root / VOLS).read_bytes().splitlines(True)[:60])], CHAIN_COMMANDS),
        Reader("surface", "json", [surface], SURFACE_COMMANDS, "surface-in.json"),
        Reader("quotes of a report", "text", [(base / "fit/quotes.csv").read_bytes()], [words("report fit")], "fit/quotes.csv"),
        Reader("summary of a report", "json", [(base / "fit/summary.json").read_bytes()], [words("report fit")],
               "fit/summary.json"),
        Reader("surface of a report", "json", [surface], [words("report fit"), words("report fit --plot p.svg --expiry 2026-06-19")],
               "fit/surface.json"),
        Reader("network in JSON", "json", [json.dumps(NETWORK).encode()], POSITION_COMMANDS, "net-in.json"),
        Reader("network in ONNX", "bytes", [(base / "net.onnx").read_bytes()], POSITION_COMMANDS, "net-in.onnx"),
        Reader("portfolio in CSV", "text", [PORTFOLIO_CSV], POSITION_COMMANDS, "book-in.csv"),
        Reader("portfolio in JSON", "json", [PORTFOLIO_JSON], POSITION_COMMANDS, "book-in.json"),
        Reader("book", "text", [BOOK], [words("price surface.json --options @"), words("greeks surface.json --options @ --json")]),
        Reader("strips", "text", [STRIP], [words("vix @ --minutes 35924,46394 --rates 0.000305,0.000286 --forwards 1962.9,1962.4"),
                                           words("vix @ --minutes 35924,46394 --rates 0,0 --forwards 1960,1962 --json")]),
        Reader("forwards", "text", [FORWARDS], [words("inspect chain.csv --forward @"), words("check chain.csv --forward @"),
                                                words("repair chain.csv --forward @")]),
        Reader("holidays", "text", [HOLIDAYS],
               [words("price surface.json --moneyness 1 --expiry T=0.3 --clock trading-days --holidays @")]),
        Reader("payoff in words", "text", list(PAYOFFS), [], None),
        Reader("numbers in words", "text", [b"90,100:110:2.5,120", b"0.5:1.5:0.25"], [], None)]
    return base, readers


def in_words(reader, text, random):
    """A command whose argument is mutated, of the kinds that are no files."""
    text = text.replace(b"\0", b"").decode("utf-8", "surrogateescape")[:100000]
    if reader.name == "payoff in words":
        return random.choice((["convert", text, "--to", "table"], ["convert", text, "--to", "csv", "--range", "50:150", "--pieces", "8"],
                              ["convert", text, "--to", "network", "--range", "50:150", "--error", "0.1"],
                              ["price", "surface.json", "--expiry", EXPIRY, "--range", "50:150", "--pieces", "4", "--payoff", text],
                              ["replicate", "--chain", "chain.csv", "--expiry", EXPIRY, "--side", "sub", "--range", "50:150",
                               "--pieces", "4", "--payoff", text]))
    return random.choice((["price", "surface.json", "--strike=" + text], ["price", "surface.json", "--moneyness=" + text],
                          ["price", "surface.json", "--quantile=" + text], ["varswap", "surface.json", "--expiry", EXPIRY, "--strikes=" + text],
                          ["convert", "call:100", "--to", "table", "--band=" + text], ["convert", "expr:S*S", "--to", "csv", "--pieces", "4", "--range=" + text],
                          ["check", "chain.csv", "--fee=" + text], ["check", "chain.csv", "--tick=" + text],
                          ["replicate", "--chain", "chain.csv", "--expiry", EXPIRY, "--payoff", "call:100", "--size=" + text],
                          ["price", "surface.json", "--strike", "100", "--expiry=" + text],
                          ["greeks", "surface.json", "--strike", "100", "--spot=" + text],
                          ["inspect", "chain.csv", "--rate=" + text], ["inspect", "chain.csv", "--as-of=" + text]))


def mutated(reader, random):
    data = random.choice(reader.seeds)
    mutations = MUTATIONS[reader.kind]
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        data = random.choice(mutations)(data, random) if data else data
    return data


def attempt(setting, state, number, folder):
    base, readers = state
    reader = readers[number % len(readers)]
    random = setting.random("inputs", reader.name, number)
    data = mutated(reader, random)
    for entry in base.iterdir():
        if entry.is_dir():
            if reader.file_name and reader.file_name.startswith(entry.name + "/"):
                shutil.copytree(entry, folder / entry.name)
        else:
            (folder / entry.name).symlink_to(entry)
    named, streams = reader.file_name, {}
    if reader.file_name:
        (folder / reader.file_name).write_bytes(data)
        command = random.choice(reader.commands)
        if INPUT in command and random.random() < 0.1:  # through standard input
            named, streams = "stdin", {"stdin": open(folder / reader.file_name, "rb")}
        words_of = [("-" if streams else named) if word == INPUT else word for word in command]
    else:
        words_of = in_words(reader, data, random)
    ran = setting.command.run(words_of, folder, **streams)
    files = {"input": data, "command": " ".join(words_of)}
    try:
        require_sound(ran, setting.command)
    except Exception as broken:
        broken.files = files
        raise
    if ran.status == 3:
        lines = ran.err.splitlines()
        require(lines, f"exit status 3 without a sentence\n{ran}", **files)
        if named:
            others = [word for word in words_of if (folder / word).exists()]  # what it contradicts; the folder of a report
            require(any(named in line or line.startswith(("--", "-: ", *others)) for line in lines),
                    f"no sentence names {named}, another file, or an option\n{ran}", **files)
    if ran.status == 0:
        found = NO_NUMBER.search(ran.out)
        require(not found, f"stdout has '{found and found[0]}' with exit status 0\n{ran}", **files)
    return HELD


ATTACK = Attack("inputs", "mutated inputs of every reader", 40, 1000, prepare, attempt, lambda state: len(state[1]))
