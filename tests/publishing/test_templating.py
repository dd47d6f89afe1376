"""The templates' engine shows values as the library it stands on would."""

from pathlib import Path
from typing import Any

import jinja2
import pytest
from markupsafe import Markup

from mobility.publishing.templating import Environment

SHOWN = """
{%- macro bold(thing) %}<b>{{ thing }}</b>{% endmacro -%}
{{ value }}{{ bold(value) }}{{ "x" ~ value }}{% for each in [value, value] %}{{ each }}{% endfor %}
{%- set kept %}<i>{{ value }}</i>{% endset %}{{ kept }}{{ value|safe }}{{ "%s"|format(value) }}
"""


class Tag(str):
    """Text of a kind of its own, which says how it is to be shown."""

    def __html__(self) -> str:
        return f"<tag>{len(self)}</tag>"


@pytest.mark.parametrize(
    "value",
    ["plain", "", "<script>alert('1')</script>", 'a "b" & c', "&amp;", "Łódź ұқ", Markup("<b>&amp;</b>"), 5,
     2.5, None, True, ["<", Markup("<")], Tag("text")],
)  # fmt: skip
def test_values_are_escaped_as_the_library_escapes_them(tmp_path: Path, value: Any) -> None:
    (tmp_path / "shown.html").write_text(SHOWN)
    theirs = jinja2.Environment(loader=jinja2.FileSystemLoader(tmp_path), autoescape=True)
    expected = theirs.get_template("shown.html").render(value=value)
    ours = Environment([tmp_path])
    assert ours.get_template("shown.html").render(value=value) == expected
    assert ours.filled("shown.html", {"value": value}) == expected


def test_what_a_text_does_not_know_stops_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "wrong.html").write_text("one\ntwo {{ nothing }}")
    with pytest.raises(jinja2.UndefinedError, match="'nothing' is undefined") as caught:
        Environment([tmp_path]).filled("wrong.html", {})
    lines = [entry.lineno + 1 for entry in caught.traceback if str(entry.path).endswith("wrong.html")]
    assert lines == [2]
