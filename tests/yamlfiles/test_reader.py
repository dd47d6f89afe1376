"""A file that is no YAML, or hostile YAML, is told with its line, and nothing worse happens."""

import random
import re
from pathlib import Path

import pytest

from mobility.catalogue import catalogue_file
from mobility.yamlfiles.reader import InvalidFile
from tests.helpers.partners_file import GOOD, Faults, line_of


def test_a_key_that_stands_twice_is_told(faults: Faults) -> None:
    (line,) = faults(("    city: Oslo\n", "    city: Oslo\n    city: Bergen\n"))
    assert f'key "city" stands here again, first on line {line_of("    city: Oslo")}' in line


def test_a_tab_is_told_as_a_tab(faults: Faults) -> None:
    (line,) = faults(("    city: Oslo", "\tcity: Oslo"))
    assert line.startswith(f"partners.yaml:{line_of('    city: Oslo')}:")
    assert "a tab stands here" in line


def test_a_bomb_of_aliases_is_refused_at_once(faults: Faults) -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(20)
    )
    lines = faults(content=bomb.encode())
    assert any("alias *a is not allowed" in line for line in lines)
    assert any(line.startswith("partners.yaml:2:") for line in lines)


def test_endless_nesting_is_refused(faults: Faults) -> None:
    for depth, said in ((60, "nested deeper"), (100_000, "is never closed")):
        (line,) = faults(content=b"[" * depth)
        assert said in line


@pytest.mark.parametrize("content", [b"", b"\n\n", b"# only a remark\n", b"---\n"])
def test_an_empty_file_is_told(faults: Faults, content: bytes) -> None:
    assert faults(content=content) == ["partners.yaml:1: is empty"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (GOOD.encode("utf-16"), "partners.yaml:1: is saved as UTF-16, must be UTF-8"),
        ("institution:\n  name: Университет\n".encode("cp1251"), "partners.yaml:2: is not UTF-8 (byte 0x"),
        (GOOD.encode("utf-16-le"), "partners.yaml:1: is saved as UTF-16, must be UTF-8"),
        (
            b"PK\x03\x04\x14\x00\x06\x00",
            "partners.yaml:1: this is a Word, Excel or zip file",
        ),
        (b"{\\rtf1\\ansi" + GOOD.encode(), "partners.yaml:1: this is an RTF file, as WordPad writes it"),
        (b"<!DOCTYPE html>\n<p>" + GOOD.encode(), "partners.yaml:1: this is an HTML or XML file"),
        (b"%PDF-1.7\n", "partners.yaml:1: this is a PDF, must be plain text"),
        (b"institution:\n  name: a\x00b\n", "partners.yaml:2: holds an unprintable character (U+0000)"),
    ],
)
def test_a_wrong_encoding_is_told_with_its_line(faults: Faults, content: bytes, said: str) -> None:
    (line,) = faults(content=content)
    assert line.startswith(said)


def test_a_mark_at_the_start_of_the_file_does_no_harm(faults: Faults) -> None:
    assert faults(content=b"\xef\xbb\xbf" + GOOD.encode()) == []


def test_a_list_for_a_block_is_told(faults: Faults) -> None:
    (line,) = faults(content=b"- a\n- b\n")
    assert line == (
        "partners.yaml:1: the file is a list, must be a block of keys and values, "
        "such as {institution: …, settings: …, requirements: …}"
    )


PIECES = [
    "\t", ":", "- ", "[", "]", "{", "}", "&a ", "*a", "!!python/object:os.system ", "|\n", ">\n", "'", '"',
    "#", "? ", "---\n", "...\n", "%YAML 9\n", "\x00", "\u202e", "é", "null", "true", "0x1F", "1e999", ".nan",
    "-5", "\n", "  ", "@", "`", "<<: ", "~", "2026-13-45", "99999999999999999999999",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(300))
def test_no_accident_is_worse_than_a_list_of_faults(faults: Faults, seed: int) -> None:
    chance = random.Random(seed)
    text = GOOD
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text))
        cut = chance.choice([0, 0, 1, 5, 40])
        text = text[:at] + chance.choice(PIECES) + text[at + cut :]
    for line in faults(content=text.encode()):
        assert re.match(r"partners\.yaml:\d+: \S", line)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match=r"partners.yaml:1: cannot be read: No such file"):
        catalogue_file.load(tmp_path / "partners.yaml")
