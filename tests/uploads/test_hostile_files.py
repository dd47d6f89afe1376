"""Whatever is sent, the answer is that it is kept or one sentence, and the process that asks stays small."""

import resource
import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobility.i18n.languages import LANGUAGES
from mobility.uploads import inspection
from tests.helpers import bombs
from tests.helpers.scans import Scans, red_corner


def answer(path: Path) -> str:
    """What is said of a file: its kind, or why it is not kept."""
    try:
        return inspection.look(path, form=True).kind.name
    except inspection.Refused as refused:
        assert all(refused.said.to(language) for language in LANGUAGES)
        return str(refused)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """A small file of each kind."""
    folder = tmp_path_factory.mktemp("good")
    scans = Scans(folder)
    paths = [scans.pdf(pages=2), scans.picture("a.jpg", (60, 40)), scans.picture("a.png", (60, 40))]
    return [path.read_bytes() for path in (*paths, red_corner(folder / "a.heic"))]


@settings(max_examples=80, deadline=None, derandomize=True)
@given(data=st.data())
def test_cut_flipped_and_doubled_bytes_get_an_answer(good: list[bytes], data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from(good)))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        match data.draw(st.sampled_from(["cut", "flip", "double", "drop"])):
            case "cut" if at > 20:
                del content[at:]
            case "flip":
                content[at] ^= 1 << data.draw(st.integers(0, 7))
            case "double":
                content[at:at] = content[at : at + data.draw(st.integers(1, 400))]
            case "drop":
                del content[at : at + data.draw(st.integers(1, 40))]
        if not content:
            break
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        assert "cannot be read here" not in answer(Path(file.name))


def test_nine_bombs_at_once_are_answered_and_cost_the_server_nothing(scans: Scans) -> None:
    paths = [
        bombs.object_stream(scans.folder / "objects.pdf"),
        bombs.content_stream(scans.folder / "content.pdf"),
        bombs.transparent_png(scans.folder / "clear.png"),
        bombs.progressive_cmyk(scans.folder / "inks.jpg"),
    ]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found: list[str] = []
    threads = [threading.Thread(target=lambda p=path: found.append(answer(p))) for path in (paths * 3)[:9]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 9
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kB
    assert answer(scans.pdf()) == "PDF"


def test_four_large_transparent_pictures_are_joined(scans: Scans) -> None:
    path, made = bombs.transparent_png(scans.folder / "clear.png"), scans.folder / "made.pdf"
    inspection.join_pictures([path] * 4, made)
    assert inspection.look(made).pages == 4
