#!/usr/bin/python3
"""report.html in a headless Chromium: it draws what the three files say, without a word on the console.

  report_test.py STRIKENET ROOT
"""
import csv
import json
import math
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from browser import Browser

STRIKENET, ROOT = sys.argv[1], pathlib.Path(sys.argv[2])


def run(*arguments):
    subprocess.run([STRIKENET, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)


def key(entry):
    return " ".join(filter(None, [entry["expiry"], entry.get("root", "")]))


def read_quotes(folder):
    with open(folder / "quotes.csv", newline="") as file:
        return list(csv.DictReader(file))


def write_quotes(folder, rows):
    with open(folder / "quotes.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


class Files:
    """The three files of a directory, read here once more."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.page = self.folder / "report.html"
        self.summary = json.loads((self.folder / "summary.json").read_text())
        self.surface = json.loads((self.folder / "surface.json").read_text())
        self.quotes = read_quotes(self.folder)

    def quotes_of(self, expiry):
        """Out of the money and used."""
        forward = expiry["forward"]
        return [q for q in self.quotes if key(q) == key(expiry) and q["used"] == "1"
                and (float(q["strike"]) < forward) == (q["type"] == "P")]


class Report(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        fit = pathlib.Path(cls.folder.name) / "fit"
        run("calibrate", ROOT / "market_data/bates_2026/chain.csv", "--out", fit, "--quiet")
        cls.files = Files(fit)

    def opened(self, files=None, fragment="", **window):
        browser = Browser(**window)
        self.addCleanup(browser.driver.quit)
        browser.open((files or self.files).page, fragment)
        return browser

    def changed(self, change):
        """A copy of the fit, its files changed by `change`, with a page of its own."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder.name)) / "fit"
        shutil.copytree(self.files.folder, folder)
        change(folder)
        run("report", folder, "--quiet")
        return Files(folder)

    def points(self, browser, canvas):
        """Points of a chart as Chart.js holds them, by dataset, and the number the page states."""
        browser.see("#" + canvas)
        browser.wait(f"document.getElementById('{canvas}').dataset.points")
        sets = browser.js(f"Chart.getChart('{canvas}').data.datasets.map(s => [s.label, s.data.length])")
        return dict(sets), int(browser.js(f"document.getElementById('{canvas}').dataset.points"))

    def test_draws_everything_without_complaint(self):
        for dark in (False, True):
            browser = self.opened(dark=dark)
            browser.scroll_through()
            self.assertEqual(browser.complaints(), [])
            undrawn = browser.js("[...document.querySelectorAll('figure canvas')].filter(c => !c.dataset.points).length")
            self.assertEqual(undrawn, 0)
            cards = browser.js("[...document.querySelectorAll('.card')].map(c => c.dataset.drawn)")
            self.assertEqual(len(cards), len(self.files.summary["expiries"]))
            self.assertNotIn(None, cards)

    def test_fetches_nothing(self):
        browser = self.opened()
        browser.scroll_through()
        self.assertEqual(browser.js("performance.getEntriesByType('resource').map(e => e.name)"), [])

    def test_shows_the_figures_of_the_summary(self):
        browser = self.opened()
        shown = browser.js("[...document.querySelectorAll('[data-field]')].map(e => [e.dataset.field, e.textContent])")
        self.assertGreaterEqual(len(shown), 8)
        for path, text in shown:
            value = self.files.summary
            for name in path.split("."):
                value = value[name]
            if isinstance(value, str):
                self.assertEqual(text, value)
            else:
                decimals = len(text.partition(".")[2])
                self.assertLessEqual(abs(float(text) - value), 0.5000001 * 10 ** -decimals, path)

    def test_has_a_row_for_each_expiry_that_leads_to_its_smile(self):
        browser = self.opened()
        rows = browser.js("[...document.querySelectorAll('#expiry-table tbody tr')].map(r => [...r.cells].map(c => c.textContent))")
        self.assertEqual([row[0] for row in rows], [key(e) for e in self.files.summary["expiries"]])
        for row, expiry in zip(rows, self.files.summary["expiries"]):
            self.assertEqual(row[6], f"{expiry['inside']} / {expiry['used']}")
            self.assertAlmostEqual(float(row[7]), expiry["vol_error_bp_rms"], delta=0.005001)
            browser.js("[...document.querySelectorAll('#expiry-table a')].find(a => a.textContent === arguments[0]).click()", row[0])
            browser.wait("document.getElementById('smile').dataset.expiry === arguments[0]", 5, row[0])

    def test_draws_every_quote_of_every_expiry(self):
        browser = self.opened()
        for expiry in self.files.summary["expiries"]:
            browser.js("void (location.hash = '#expiry=' + encodeURIComponent(arguments[0]))", key(expiry))
            browser.wait("document.getElementById('smile').dataset.expiry === arguments[0]", 5, key(expiry))
            quotes = self.files.quotes_of(expiry)
            with_bid = [q for q in quotes if float(q["bid"]) > 0]
            sets, points = self.points(browser, "smile-chart")
            self.assertEqual(points, sum(1 for q in quotes if q["ask_vol"]))
            self.assertEqual(sets.get("bid to ask", 0), sum(1 for q in with_bid if q["bid_vol"]))
            self.assertGreater(sets["model"], 200)
            sets, points = self.points(browser, "residual-chart")
            self.assertEqual(points, sum(1 for q in with_bid if q["mid_vol"]))
            self.assertEqual(sets["model less middle"] + sets.get("outside its spread", 0), points)
            largest = browser.js("Math.max(...Chart.getChart('residual-chart').data.datasets[0].data.map(p => Math.abs(p.y)))")
            self.assertAlmostEqual(largest, expiry["vol_error_bp_max"], delta=1e-3 + 1e-3 * largest)
            sets, points = self.points(browser, "density-chart")
            self.assertEqual(points, sets["density"])
            mass = browser.js("(() => { const d = Chart.getChart('density-chart').data.datasets[0].data; let sum = 0;"
                              "for (let i = 1; i < d.length; ++i) sum += (d[i].x - d[i-1].x) * (d[i].y + d[i-1].y) / 2; return sum; })()")
            unit = browser.js("Chart.getChart('density-chart').options.scales.y.title.text")
            step = float(unit.split()[2]) if unit.split()[2] != "unit" else 1
            self.assertAlmostEqual(mass / step / 100, 1, delta=1e-4)

    def test_draws_term_structure_and_surface(self):
        browser = self.opened()
        count = len(self.files.summary["expiries"])
        for chart in ("atm-chart", "atm-variance-chart", "forward-chart", "parity-chart", "discount-chart", "rate-chart"):
            self.assertEqual(self.points(browser, chart)[1], count, chart)
        sets, points = self.points(browser, "variance-chart")
        self.assertEqual(len(sets), count)
        self.assertEqual(points, sum(sets.values()))
        browser.see(".view3d")
        self.assertEqual(browser.wait("document.querySelector('.view3d').dataset.kind"), "3d")
        for kind in ("variance", "local", "vol"):
            browser.js(f"document.querySelector('#surface-toolbar button[value={kind}]').click()")
            self.assertGreater(int(browser.js("document.querySelector('.view3d').dataset.points")), 500, kind)
        self.assertEqual(browser.complaints(), [])

    def test_switches_units_and_strikes(self):
        browser = self.opened()
        expiry = self.files.summary["expiries"][3]
        quotes = self.files.quotes_of(expiry)
        for unit, axis in (("price", "discounted price"), ("spread", "half spreads from the middle"), ("vol", "vol, %")):
            browser.js(f"document.querySelector('#smile-toolbar button[value={unit}]').click()")
            sets, points = self.points(browser, "smile-chart")
            self.assertEqual(browser.js("Chart.getChart('smile-chart').options.scales.y.title.text"), axis)
            self.assertEqual(points, len(quotes), unit)
            if unit == "spread":
                worst = browser.js("Math.max(...Chart.getChart('smile-chart').data.datasets[0].data.map(p => Math.abs(p.y)))")
                self.assertLessEqual(worst, 1 + 1e-6)
        browser.js("document.getElementById('in-the-money').click()")
        self.assertEqual(self.points(browser, "smile-chart")[0]["in the money"] > 0, True)
        before = browser.js("Chart.getChart('smile-chart').options.scales.x.max")
        browser.js("document.getElementById('all-strikes').click()")
        self.assertGreater(browser.js("Chart.getChart('smile-chart').options.scales.x.max"), before)

    def test_has_the_numbers_of_each_chart_as_a_table(self):
        browser = self.opened()
        browser.scroll_through()
        browser.js("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        browser.frames()
        self.assertEqual(browser.js("[...document.querySelectorAll('figure table, #surface-view table')].filter(t => t.rows.length < 2).length"), 0)
        labels = browser.js("[...document.querySelectorAll('figure canvas')].map(c => c.getAttribute('aria-label'))")
        self.assertTrue(all(labels))

    def test_can_be_used_by_keyboard(self):
        from selenium.webdriver.common.keys import Keys
        browser = self.opened()
        reached = set()
        active = browser.driver.switch_to.active_element
        for _ in range(120):
            active.send_keys(Keys.TAB)
            active = browser.driver.switch_to.active_element
            reached.add(active.get_attribute("id") or active.get_attribute("value") or active.text)
        self.assertLessEqual({"theme", "before", "after", "expiry-choice", "price", "all-strikes", "smile-chart", "flat"}, reached)
        browser.js("document.getElementById('after').focus()")
        before = browser.js("document.getElementById('smile').dataset.expiry")
        browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
        self.assertNotEqual(browser.js("document.getElementById('smile').dataset.expiry"), before)

    def test_fits_a_phone(self):
        for width in (360, 390):
            browser = self.opened(width=width, height=740)
            browser.scroll_through()
            self.assertEqual(browser.js("document.documentElement.scrollWidth"), width)
            self.assertEqual(browser.complaints(), [])

    def test_shows_a_map_where_there_is_no_webgl(self):
        browser = self.opened(webgl=False)
        browser.see(".view3d")
        self.assertEqual(browser.wait("document.querySelector('.view3d').dataset.kind"), "map, no WebGL")
        self.assertIn("no WebGL", browser.js("document.getElementById('surface-words').textContent"))
        self.assertFalse(browser.js("document.getElementById('surface-flat').hidden"))

    def test_opens_with_names_that_look_like_markup(self):
        evil = "<img src=x onerror=\"document.title='bad'\">'\" & </script><script>document.title='bad'</script>"

        def change(folder):
            surface = json.loads((folder / "surface.json").read_text())
            surface["underlying"] = evil
            surface["slices"][0]["root"] = evil
            (folder / "surface.json").write_text(json.dumps(surface))
            rows = read_quotes(folder)
            for row in rows:
                if row["expiry"] == surface["slices"][0]["expiry"]:
                    row["root"] = evil
            write_quotes(folder, rows)

        browser = self.opened(self.changed(change))
        browser.scroll_through()
        self.assertEqual(browser.js("document.getElementById('title').textContent"), evil)
        self.assertEqual(browser.js("document.images.length"), 0)
        self.assertNotEqual(browser.js("document.title"), "bad")
        self.assertEqual(browser.complaints(), [])

    def test_opens_without_a_certificate_and_says_so(self):
        def change(folder):
            summary = json.loads((folder / "summary.json").read_text())
            del summary["certificate"]
            (folder / "summary.json").write_text(json.dumps(summary))

        browser = self.opened(self.changed(change))
        browser.scroll_through()
        self.assertIn("There is no certificate", browser.js("document.getElementById('certificate').textContent"))
        self.assertEqual(browser.complaints(), [])

    def test_lists_quotes_outside_their_spread_first_and_those_left_out(self):
        def change(folder):
            rows = read_quotes(folder)
            for i, by in ((3, 3), (9, 2)):
                half = (float(rows[i]["ask"]) - float(rows[i]["bid"])) / 2
                rows[i].update(inside="0", model=str((float(rows[i]["ask"]) + float(rows[i]["bid"])) / 2 - (by + 1) * half))
            rows[5].update(used="0", reason="crossed", inside="")
            rows.append({**rows[0], "row": "900", "expiry": "2030-01-04", "used": "0", "reason": "thin", "inside": "",
                         "model": "", "model_vol": ""})
            write_quotes(folder, rows)
            summary = json.loads((folder / "summary.json").read_text())
            summary["quotes"]["dropped"] = {"crossed": 1, "thin": 1}
            (folder / "summary.json").write_text(json.dumps(summary))

        files = self.changed(change)
        browser = self.opened(files)
        outside = browser.js("[...document.querySelectorAll('#outside tbody tr')].map(r => [...r.cells].map(c => c.textContent))")
        self.assertEqual([float(row[1]) for row in outside], [float(files.quotes[i]["strike"]) for i in (3, 9)])
        self.assertTrue(math.isclose(float(outside[0][6]), 3, abs_tol=2e-3), outside)
        self.assertEqual(browser.js("document.getElementById('dropped-view').dataset.count"), "2")
        self.assertIn("2030-01-04 (1 quote)", browser.js("document.getElementById('unfitted').textContent"))
        browser.scroll_through()
        self.assertEqual(browser.complaints(), [])

    def test_opens_where_there_is_one_expiry(self):
        def change(folder):
            for name, entries in (("surface.json", "slices"), ("summary.json", "expiries")):
                content = json.loads((folder / name).read_text())
                content[entries] = content[entries][:1]
                (folder / name).write_text(json.dumps(content))
            first = self.files.summary["expiries"][0]["expiry"]
            write_quotes(folder, [row for row in read_quotes(folder) if row["expiry"] == first])

        browser = self.opened(self.changed(change))
        browser.scroll_through()
        self.assertEqual(browser.js("document.getElementById('no-surface').textContent"), "One expiry makes no surface.")
        self.assertEqual(self.points(browser, "atm-chart")[1], 1)
        self.assertEqual(browser.complaints(), [])

    def test_opens_where_an_expiry_has_one_quote_or_none_has_a_bid(self):
        def change(folder):
            rows = read_quotes(folder)
            first, second = self.files.summary["expiries"][0]["expiry"], self.files.summary["expiries"][1]["expiry"]
            kept, seen = [], False
            for row in rows:
                if row["expiry"] == first:
                    if seen:
                        continue
                    seen = True
                if row["expiry"] == second:
                    row.update(bid="0", bid_vol="", mid_vol="")
                kept.append(row)
            write_quotes(folder, kept)

        files = self.changed(change)
        for expiry in files.summary["expiries"][:2]:
            browser = self.opened(files, fragment="#expiry=" + expiry["expiry"])
            browser.scroll_through()
            self.assertEqual(browser.js("document.getElementById('smile').dataset.expiry"), expiry["expiry"])
            self.assertEqual(browser.complaints(), [])


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
