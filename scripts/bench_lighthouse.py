"""What Lighthouse says of a page of each kind, on its telephone: the middle of some runs.

Needs Chromium and npx, which fetches Lighthouse once.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mobility.paths import CHECKOUT
from scripts import browser

VERSION = "12.8.2"
PAGES = ("", "finder/", "partners/warsaw-tech/", "programmes/warsaw-tech/exchange/")
PATHS = (*PAGES, *(f"ru/{path}" for path in PAGES), *(f"kk/{path}" for path in PAGES))
TIMES = (
    "first-contentful-paint",
    "largest-contentful-paint",
    "total-blocking-time",
    "cumulative-layout-shift",
)


@contextmanager
def served() -> Iterator[str]:
    """The address of site and portal, as a reader meets them."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "-m", "portal.serve", "--port", str(port), "--data", data]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=CHECKOUT.root)
        assert server.stdout
        next(line for line in server.stdout if "Ctrl-C" in line)
        yield f"http://127.0.0.1:{port}"
        server.terminate()
        server.wait(10)


def report(url: str) -> dict[str, Any]:
    """One run."""
    flags = ["--quiet", "--output=json", "--chrome-flags=--no-sandbox --headless=new"]
    command = ["npx", "--yes", f"lighthouse@{VERSION}", url, *flags]
    environment = {**os.environ, "CHROME_PATH": browser.path(whole=True) or ""}
    said = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, cwd="/")
    found: dict[str, Any] = json.loads(said.stdout)
    return found


def short(found: dict[str, Any]) -> set[str]:
    """The checks that cost points, but for those of speed."""
    return {
        check["id"]
        for name, category in found["categories"].items()
        if name != "performance"
        for check in category["auditRefs"]
        if check["weight"] and (found["audits"][check["id"]]["score"] or 0) < 1
        if found["audits"][check["id"]]["scoreDisplayMode"] not in ("notApplicable", "manual")
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="of each page")
    parser.add_argument("paths", nargs="*", default=PATHS, help="pages below the root")
    options = parser.parse_args()
    with served() as address:
        for path in options.paths:
            found = [report(f"{address}/{path}") for _ in range(options.runs)]
            scores = {
                name: statistics.median(each["categories"][name]["score"] for each in found) * 100
                for name in found[0]["categories"]
            }
            times = [
                f"{name} {statistics.median(each['audits'][name]['numericValue'] for each in found):.3g}"
                for name in TIMES
            ]
            failed = set().union(*map(short, found))
            print(
                f"/{path}",
                *(f"{name} {score:.0f}" for name, score in scores.items()),
                *times,
                *failed,
                sep="  ",
            )


if __name__ == "__main__":
    main()
