"""News that the office writes."""

from pathlib import Path

import pytest

from mobility.catalogue import news
from mobility.yamlfiles.reader import InvalidFile


def test_news_that_are_wrong_are_named_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "news.yaml"
    path.write_text(
        "news:\n  - id: one\n    day: 2026-02-30\n"
        "    title: {en: A, ru: B, kk: C}\n    text: {en: A, ru: B, kk: C}\n"
    )
    with pytest.raises(InvalidFile, match=r"news\.yaml:3: news\.1\.day"):
        news.load(path)


def test_news_are_told_in_all_three_languages(tmp_path: Path) -> None:
    path = tmp_path / "news.yaml"
    path.write_text(
        "news:\n  - id: one\n    day: 2026-02-03\n    title: Opens\n    text:\n      en: A\n      ru: B\n"
    )
    with pytest.raises(InvalidFile) as told:
        news.load(path)
    assert [(problem.line, problem.message) for problem in told.value.problems] == [
        (4, 'news.1.title is "Opens", must be a block of keys and values, such as {en: …, ru: …, kk: …}'),
        (5, "news.1.text.kk is missing"),
    ]
