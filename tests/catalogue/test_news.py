"""News that the office writes."""

from pathlib import Path

import pytest

from mobility.catalogue import news
from mobility.yamlfiles.reader import InvalidFile


def test_news_that_are_wrong_are_named_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "news.yaml"
    path.write_text("news:\n  - id: one\n    day: 2026-02-30\n    title: A\n    text: B\n")
    with pytest.raises(InvalidFile, match=r"news\.yaml:3: news\.1\.day"):
        news.load(path)
