"""Pages filled into the HTML of a specimen, and their entries for the search."""

import json

from mobility.publishing.material.page_shell import Shell
from mobility.publishing.material.rendering import Page, search_entries


def test_a_token_of_the_shell_in_a_name_stays_a_name() -> None:
    page = Page("partners/x/", "QQbodyQQ <b>", "QQtitleQQ", "<h1>partners/_specimen/</h1>")
    html = (
        "<title>QQtitleQQ</title><a href='../../partners/_specimen/'></a>"
        '<h1 id="begin">QQbodyQQ</h1><h2 id="qq-section">s</h2>'
    )
    filled = Shell(html, "partners/_specimen/").fill(page)
    assert filled == (
        b"<title>QQbodyQQ &lt;b&gt;</title><a href='../../partners/x/'></a><h1>partners/_specimen/</h1>"
    )


def test_the_search_reads_apostrophes_as_readers_type_them() -> None:
    body = """<h1>Xi&#39;an &lt;b&gt;</h1> host&#39;s<h2 id="a">It&#39;s<a class="headerlink"></a></h2> so"""
    page = Page("partners/x/", "Xi'an <b>", "about", body, also=('the "Xi\'an"',))
    first, second = json.loads(b"[" + search_entries([page]) + b"]")
    assert (first["title"], first["text"]) == ("Xi'an &lt;b&gt;", "Xi'an &lt;b&gt; host's")
    assert (first["tags"], second["title"]) == (['the "Xi\'an"'], "It's")


def test_the_search_has_no_entry_of_a_section_without_a_text_of_its_own() -> None:
    a, b = (f'<h2 id="{each}">{each}<a class="headerlink"></a></h2>' for each in "ab")
    body = f"<h1>X</h1>{a} <p data-search-exclude>as on every page</p>{b} text"
    found = json.loads(b"[" + search_entries([Page("partners/x/", "X", "about", body)]) + b"]")
    assert [entry["location"] for entry in found] == ["partners/x/", "partners/x/#b"]
