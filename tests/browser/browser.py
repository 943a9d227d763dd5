"""A headless Chromium, as the test of report.html and scripts/screenshot use it."""
import base64
import pathlib
import time

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service


class Browser:
    """A window of its own size and colours. With webgl=False as on a machine that has none."""

    def __init__(self, width=1280, height=900, dark=False, webgl=True):
        options = Options()
        options.binary_location = "/usr/bin/chromium"
        graphics = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"] if webgl else ["--disable-3d-apis"]
        for argument in ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars",
                         "--force-device-scale-factor=1", f"--window-size={width},{height}", *graphics]:
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.width, self.height = width, height
        self.cdp("Emulation.setEmulatedMedia",
                 {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})
        self.resize(width, height)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def cdp(self, command, arguments):
        return self.driver.execute_cdp_cmd(command, arguments)

    def resize(self, width, height):
        self.width, self.height = width, height
        self.cdp("Emulation.setDeviceMetricsOverride",
                 {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 620})

    def open(self, path, fragment=""):
        """Seconds until the page was loaded and its script had run."""
        start = time.monotonic()
        self.driver.get(pathlib.Path(path).resolve().as_uri() + fragment)
        self.wait("document.documentElement.dataset.ready")
        return time.monotonic() - start

    def js(self, expression, *arguments):
        return self.driver.execute_script("return " + expression, *arguments)

    def wait(self, expression, seconds=20, *arguments):
        """Until the expression holds; fails after so many seconds."""
        end = time.monotonic() + seconds
        while not (value := self.js(expression, *arguments)):
            if time.monotonic() > end:
                raise TimeoutError(f"never held: {expression}")
            time.sleep(0.02)
        return value

    def frames(self, count=2):
        """Until so many frames were drawn."""
        self.driver.execute_async_script(
            "const [count, done] = arguments; let left = count;"
            "const next = () => (left-- > 0 ? requestAnimationFrame(next) : done()); next();", count)

    def see(self, selector):
        """Scrolls to an element, so that what is drawn lazily is drawn."""
        self.js("document.querySelector(arguments[0]).scrollIntoView({block: 'center'})", selector)
        self.frames()

    def scroll_through(self):
        """Sees all of the page."""
        top = 0
        while top < self.js("document.documentElement.scrollHeight"):
            self.js("window.scrollTo(0, arguments[0])", top)
            self.frames()
            top += self.height // 2
        self.js("window.scrollTo(0, 0)")
        self.frames()

    def complaints(self):
        """What the console holds: errors and warnings, but for those about graphics in software."""
        return [f"{entry['level']}: {entry['message']}" for entry in self.driver.get_log("browser")
                if entry["level"] in ("SEVERE", "WARNING") and "GPU stall due to ReadPixels" not in entry["message"]]

    def picture(self, path, clip=None):
        """A PNG of the window, or of {x, y, width, height} of the page."""
        options = {"captureBeyondViewport": clip is not None}
        if clip:
            options["clip"] = {**clip, "scale": 1}
        pathlib.Path(path).write_bytes(base64.b64decode(self.cdp("Page.captureScreenshot", options)["data"]))
