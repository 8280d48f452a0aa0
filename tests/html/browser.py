"""Opens a page in headless Chromium and tells as JSON what the browser says of it.

    python3 browser.py CHROMIUM PAGE FOLDER

Speaks the DevTools protocol over a pipe, so that the standard library suffices. Screenshots in light,
dark, narrow and on paper go to FOLDER.
"""

import base64
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

NARROW, WIDE = 375, 1200


class Browser:
    def __init__(self, chromium, profile):
        to_browser, self.output = os.pipe()
        self.input, from_browser = os.pipe()

        def at_three_and_four():
            high = [os.dup(to_browser), os.dup(from_browser)]
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                 "--no-first-run", "--disable-background-networking", "--remote-debugging-pipe"]
        self.process = subprocess.Popen(
            [chromium, *flags, f"--user-data-dir={profile}", "about:blank"],
            preexec_fn=at_three_and_four, close_fds=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.number, self.rest, self.events, self.session = 0, b"", [], None

    def message(self):
        while b"\0" not in self.rest:
            piece = os.read(self.input, 1 << 20)
            if not piece:
                raise RuntimeError("the browser has gone")
            self.rest += piece
        text, _, self.rest = self.rest.partition(b"\0")
        return json.loads(text)

    def call(self, method, **params):
        self.number += 1
        call = {"id": self.number, "method": method, "params": params}
        if self.session:
            call["sessionId"] = self.session
        os.write(self.output, json.dumps(call).encode() + b"\0")
        while True:
            message = self.message()
            if message.get("id") == self.number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self.events.append(message)

    def wait_for(self, method):
        while not any(it.get("method") == method for it in self.events):
            self.events.append(self.message())

    def evaluate(self, expression):
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"]["value"]


# Texts whose contrast with what is behind them is below that of WCAG 2 AA.
CONTRAST = """(() => {
  const numbers = it => it.match(/[\\d.]+/g).map(Number);
  const light = rgb => {
    const [r, g, b] = rgb.map(it => it / 255).map(it => it <= .04045 ? it / 12.92 : ((it + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const behind = element => {
    for (let it = element; it; it = it.parentElement) {
      const color = numbers(getComputedStyle(it).backgroundColor);
      if (color.length < 4 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || element.closest('title')) continue;
    const style = getComputedStyle(element);
    const color = element.closest('svg') ? style.fill : style.color;
    const [a, b] = [light(numbers(color).slice(0, 3)), light(behind(element).slice(0, 3))].sort((a, b) => b - a);
    if ((a + .05) / (b + .05) < 4.5) faint.push(element.outerHTML.slice(0, 120));
  }
  return faint.slice(0, 5);
})()"""


def look(browser, page, folder):
    found = {}
    for domain in ["Page", "Runtime", "Log", "Network", "Accessibility"]:
        browser.call(f"{domain}.enable")
    for name, scheme, width in [("light", "light", WIDE), ("dark", "dark", WIDE), ("narrow", "light", NARROW)]:
        feature = [{"name": "prefers-color-scheme", "value": scheme}]
        browser.call("Emulation.setEmulatedMedia", features=feature)
        browser.call("Emulation.setDeviceMetricsOverride", width=width, height=900,
                     deviceScaleFactor=1, mobile=False)
        browser.call("Page.navigate", url=Path(page).resolve().as_uri())
        browser.wait_for("Page.loadEventFired")
        shot = browser.call("Page.captureScreenshot", captureBeyondViewport=True)
        (folder / f"{name}.png").write_bytes(base64.b64decode(shot["data"]))
        found[f"faint_{name}"] = browser.evaluate(CONTRAST)
        found[f"overflow_{name}"] = browser.evaluate("document.documentElement.scrollWidth") - width
        browser.events = [it for it in browser.events if it.get("method") != "Page.loadEventFired"]
    paper = browser.call("Page.printToPDF", printBackground=True)
    (folder / "paper.pdf").write_bytes(base64.b64decode(paper["data"]))
    nodes = browser.call("Accessibility.getFullAXTree")["nodes"]
    role = lambda it: it.get("role", {}).get("value")
    name = lambda it: it.get("name", {}).get("value", "").strip()
    found["roles"] = sorted({role(it) for it in nodes if not it.get("ignored")})
    found["without_name"] = [role(it) for it in nodes if not it.get("ignored") and not name(it)
                             and role(it) in ("image", "link", "heading", "table", "region", "checkbox")]
    found["levels"] = browser.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4')].map(it => Number(it.tagName[1]))")
    found["title"] = browser.evaluate("document.title")
    events = [(it["method"], it["params"]) for it in browser.events if "method" in it]
    found["requests"] = [params["request"]["url"] for method, params in events
                         if method == "Network.requestWillBeSent"]
    found["console"] = [json.dumps(params)[:300] for method, params in events
                        if method in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")]
    return found


def main():
    chromium, page, folder = sys.argv[1:]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(chromium, profile)
        try:
            target = browser.call("Target.createTarget", url="about:blank")["targetId"]
            browser.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            print(json.dumps(look(browser, page, Path(folder))))
        finally:
            browser.process.kill()
            browser.process.wait()


main()
