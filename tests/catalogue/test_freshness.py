"""Facts that grew old, agreements that run out, and facts without a source."""

import re
from pathlib import Path

from mobility.catalogue import catalogue_file, freshness
from mobility.paths import CHECKOUT, Checkout
from tests.helpers.partners_file import GOOD
from tests.helpers.sites import NOVEMBER


def test_the_office_is_told_of_what_is_old_or_runs_out(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path)
    text = re.sub("seen: 2026-11-2[45]", "seen: 2025-11-01", CHECKOUT.partners.read_text())
    paper = "{status: confirmed, source: Agreement no. 12, seen: 2026-11-20, valid_until: 2026-12-31}"
    checkout.partners.write_text(text.replace("agreement: {status: unconfirmed}", f"agreement: {paper}", 1))
    found = list(freshness.report(catalogue_file.load(checkout.partners), NOVEMBER.date()))
    assert found[0].kind == "expires soon"
    assert found[0].where == 'partner "nazarbayev-university"'
    old = [finding for finding in found if finding.kind == "old"]
    assert {"institution", "requirements", 'partner "warsaw-tech"'} <= {finding.where for finding in old}
    assert all("seen 2025-11-01, more than a year ago" in finding.says for finding in old)
    assert 'partner "nazarbayev-university"' not in {f.where for f in old if "Agreement no. 12" in f.says}


def test_the_paper_of_an_agreement_grows_old_and_one_that_ran_out_comes_first(tmp_path: Path) -> None:
    paper = "{status: confirmed, source: Agreement no. 12, seen: 2025-11-23, valid_until: 2026-11-23}"
    text = CHECKOUT.partners.read_text().replace("agreement: {status: unconfirmed}", f"agreement: {paper}", 1)
    (tmp_path / "partners.yaml").write_text(text)
    first, *rest = freshness.report(catalogue_file.load(tmp_path / "partners.yaml"), NOVEMBER.date())
    assert (first.kind, first.where) == ("expired", 'partner "nazarbayev-university"')
    says = "seen 2025-11-23, more than a year ago: Agreement no. 12 (agreement)"
    assert freshness.Finding("old", 'partner "nazarbayev-university"', says) in rest


def test_a_fact_without_source_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "partners.yaml"
    path.write_text(GOOD.replace("states: [requirements, deadlines]", "states: [deadlines]"))
    assert list(freshness.unsourced(catalogue_file.load(path))) == [("first", "requirements")]


def test_the_office_is_told_of_what_its_own_pages_say_differently_and_how_to_follow_either() -> None:
    catalogue = catalogue_file.load(CHECKOUT.partners)
    found = [each for each in freshness.report(catalogue, NOVEMBER.date()) if each.kind == "contradiction"]
    told = (CHECKOUT.root / "docs/officers.md").read_text(encoding="utf-8")
    points = [(pages, point) for pages in catalogue.institution.contradictions for point in pages.points]
    assert len(points) == 8
    for (pages, point), finding in zip(points, found, strict=True):
        setting = f"`{point.setting}`" if point.setting else "–"
        assert f"| {point.about} | {point.followed} | {point.other} | {setting} |" in told
        assert (point.setting or "") in finding.says
        for page in (pages.followed, pages.other):
            assert str(page.url) in finding.says
            assert str(page.url).split("://")[1].removeprefix("www.") in told


def test_an_office_without_an_address_is_told_that_questions_do_not_reach_it(tmp_path: Path) -> None:
    catalogue = catalogue_file.load(CHECKOUT.partners)
    found = {each.where for each in freshness.report(catalogue, NOVEMBER.date()) if each.kind == "missing"}
    assert found == {"institution.office"}
    path = tmp_path / "partners.yaml"
    text = CHECKOUT.partners.read_text()
    path.write_text(text.replace("    # email, phone,", "    email: icd@example.kz\n    # email, phone,"))
    catalogue = catalogue_file.load(path)
    assert not [each for each in freshness.report(catalogue, NOVEMBER.date()) if each.kind == "missing"]
