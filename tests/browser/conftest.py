"""A real browser before a real server."""

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Request, expect, sync_playwright

from mobility.paths import CHECKOUT, Instance
from scripts import browser
from tests.helpers.browser_pages import ColorScheme

expect.set_options(timeout=20_000)  # milliseconds: several files of tests share the cores


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Instance:
    """What the server under test keeps."""
    return Instance(tmp_path_factory.mktemp("instance")).rehearsal


@pytest.fixture(scope="session")
def address(kept: Instance) -> Iterator[str]:
    """Site and portal as scripts/serve starts them, on a day with no open call."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    command = [sys.executable, "-m", "portal.serve", "--port", str(port), "--as-of", "2026-11-24T12:00"]
    server = subprocess.Popen(
        [*command, "--data", str(kept.root.parent)], stdout=subprocess.PIPE, text=True, cwd=CHECKOUT.root
    )
    assert server.stdout
    for line in server.stdout:
        if "Ctrl-C" in line:
            break
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(10)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as tools:
        started = tools.chromium.launch(executable_path=browser.path(), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def device(chromium: Browser, address: str) -> Iterator[Callable[..., BrowserContext]]:
    """Makes a phone or another screen; the test fails where a page asks anything of another origin."""
    foreign: list[str] = []
    made: list[BrowserContext] = []

    def watch(request: Request) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            foreign.append(request.url)

    def make(width: int = 390, javascript: bool = True, scheme: ColorScheme = "light") -> BrowserContext:
        context = chromium.new_context(
            viewport={"width": width, "height": 844},
            base_url=address,
            java_script_enabled=javascript,
            color_scheme=scheme,
        )
        context.on("request", watch)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()
    assert foreign == []
