#!/usr/bin/python3
"""Opens a report, visits all of it, and says what that took; takes its pictures for the documentation.

  screenshot.py REPORT.html [FOLDER]
"""
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from browser import Browser


def visit(browser):
    """Shows every expiry; returns how many there are, and the points that were drawn."""
    browser.scroll_through()
    keys = browser.js("[...document.querySelectorAll('#expiry-table tbody tr td:first-child')].map(c => c.textContent)")
    points = 0
    for key in keys:
        browser.js("[...document.querySelectorAll('#expiry-table a')].find(a => a.textContent === arguments[0]).click()", key)
        browser.wait("document.getElementById('smile').dataset.expiry === arguments[0]", 20, key)
        browser.see("#smile-chart")
        points += int(browser.wait("document.getElementById('smile-chart').dataset.points"))
    return len(keys), points


def bottom(browser, selector):
    return int(browser.js("document.querySelector(arguments[0]).getBoundingClientRect().bottom + scrollY", selector))


def take_pictures(page, folder):
    """The page from its top to the first chart, and the surface."""
    with Browser(width=1100) as browser:
        browser.open(page)
        browser.scroll_through()
        browser.resize(1100, bottom(browser, "#smile-chart") + 24)
        browser.scroll_through()
        browser.picture(folder / "report.png")
        browser.js("document.querySelector('nav').style.position = 'static'")
        browser.frames()
        box = browser.js("(({x, y, width, height}) => ({x: x + scrollX, y: y + scrollY, width, height}))"
                         "(document.querySelector('.view3d').getBoundingClientRect())")
        browser.picture(folder / "surface.png", box)
    for name in ("report.png", "surface.png"):
        print(f"{folder / name}: {(folder / name).stat().st_size / 1e3:.0f} kB")


def main():
    page = pathlib.Path(sys.argv[1])
    with Browser() as browser:
        loaded = browser.open(page)
        start = time.monotonic()
        expiries, points = visit(browser)
        visited = time.monotonic() - start
        script = float(browser.js("document.documentElement.dataset.ready")) / 1e3
        complaints = browser.complaints()
    print(f"size      {page.stat().st_size / 1e6:.2f} MB")
    print(f"load      {loaded:.2f} s, of which the page's script {script:.2f} s")
    print(f"expiries  {expiries}, each of them shown, with {points} quotes out of the money; {visited:.1f} s in all")
    print(f"console   {len(complaints)} errors or warnings")
    print(*complaints, sep="\n", end="\n" if complaints else "")
    if len(sys.argv) > 2:
        take_pictures(page, pathlib.Path(sys.argv[2]))
    sys.exit(bool(complaints))


if __name__ == "__main__":
    main()
