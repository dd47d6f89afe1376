"""A programme that students have chosen leaves the catalogue only knowingly, and they stay in sight."""

import datetime
import re
import shutil
from pathlib import Path

from mobility.applications import submissions
from mobility.catalogue import rulebook
from mobility.office.desk import Desk
from mobility.office.places import places
from mobility.paths import CHECKOUT, Checkout
from tests.helpers.follow_ups import written
from tests.helpers.officer import signed_in
from tests.helpers.portal_server import running
from tests.helpers.told import tell

USM = "usm/exchange"


def test_who_is_nominated_to_a_programme_under_another_id_is_named_first_and_seen_after(
    tmp_path: Path, in_march: datetime.datetime, sent_once: tuple[Path, str]
) -> None:
    own = Checkout(tmp_path / "checkout")
    shutil.copytree(CHECKOUT.content, own.content)
    shutil.copy(CHECKOUT.partners, own.partners)
    shutil.copytree(sent_once[0], tmp_path / "instance", ignore=shutil.ignore_patterns("index.*"))
    with running(tmp_path / "instance", in_march, checkout=own) as portal:
        kept = portal.settings.kept
        written(kept)
        (sent,) = submissions.every(kept)
        tell(Desk(kept, rulebook.load(own), "", False, portal.now), sent.reference, "nominated", USM)
        officer, where = signed_in(portal)[0], "/office/catalogue?file=partners.yaml"
        before = own.partners.read_text(encoding="utf-8")
        head, found, rest = before.partition("\n  - id: usm\n")
        text = head + found + re.sub(r"\n( +)- id: exchange\n", r"\n\1- id: exchanges\n", rest, count=1)
        based_on = re.findall('name="based_on" value="([0-9a-f]{64})"', officer.get(where).text)[0]
        form = {"file": "partners.yaml", "text": text, "based_on": based_on}
        for button in ({}, {"put": "yes"}):
            page = officer.post("/office/catalogue", {**form, **button}, at=where).text
            assert f"<li>{USM}: wishes: 1, places held: 1</li>" in page and 'name="nevertheless"' in page
            assert own.partners.read_text(encoding="utf-8") == before
        officer.post("/office/catalogue", {**form, "put": "yes", "nevertheless": "yes"}, at=where)
        assert own.partners.read_text(encoding="utf-8") == text
        shown = officer.get(f"/office/places?call={sent.call}").text
        assert "not in the catalogue any more" in shown and sent.reference in shown
        desk = Desk(kept, rulebook.load(own), "", False, portal.now)
        (place,) = [each for each in places(desk, sent.call) if each.id == USM]
        assert place.offer is None and [each.reference for each in place.nominated] == [sent.reference]
        assert officer.get(f"/office/hosts/usm?call={sent.call}").text.count(sent.reference)
