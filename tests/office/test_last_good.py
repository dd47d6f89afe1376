"""A slip in what the office edits stops no command and no portal: the last good rules hold, as is said."""

import datetime
import shutil
from pathlib import Path

import pytest

from mobility.applications import data_format
from mobility.office import last_good
from mobility.paths import CHECKOUT, Checkout, Instance
from mobility.yamlfiles.reader import InvalidFile
from tests.helpers.commands import mobility
from tests.helpers.portal_server import running


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    shutil.copytree(CHECKOUT.content, tmp_path / "checkout/content")
    shutil.copy(CHECKOUT.partners, tmp_path / "checkout")
    return Checkout(tmp_path / "checkout")


def spoil(checkout: Checkout) -> None:
    written = checkout.partners.read_text(encoding="utf-8")
    checkout.partners.write_text(written.replace("min_gpa: 3.0", "min_gpa: 5.2", 1), encoding="utf-8")


def test_the_last_good_rules_hold_and_the_slip_is_told(checkout: Checkout, instance: Instance) -> None:
    instance.root.mkdir()
    good, problems = last_good.rules(checkout, instance)
    assert problems == []
    kept_files = {path.name for path in (instance.last_good_rules / "content").rglob("*.yaml")}
    assert kept_files == {path.name for path in checkout.content.rglob("*.yaml")}, (
        "each is kept that is edited"
    )
    spoil(checkout)
    for _ in range(2):
        kept, problems = last_good.rules(checkout, instance)
        assert kept.version == good.version
        assert "min_gpa is 5.2" in str(problems[0])


def test_where_nothing_was_ever_good_the_slip_stops(checkout: Checkout, instance: Instance) -> None:
    spoil(checkout)
    with pytest.raises(InvalidFile):
        last_good.rules(checkout, instance)
    assert not instance.root.exists(), "asking makes no data folder"


def test_every_command_of_the_office_goes_on(checkout: Checkout, instance: Instance) -> None:
    data_format.bring_up(instance)
    last_good.rules(checkout, instance)
    spoil(checkout)
    for words in (("office", "mail"), ("staff", "list"), ("purge",), ("office", "places", "2027-autumn")):
        group, *rest = words
        done = mobility("--root", str(checkout.root), group, "--data", str(instance.root), *rest)
        assert done.returncode == 0, done.stderr
        assert "the last good rules are used" in done.stderr and "min_gpa is 5.2" in done.stderr


def test_a_portal_starts_again_with_them(
    checkout: Checkout, tmp_path: Path, in_march: datetime.datetime
) -> None:
    instance = Instance(tmp_path / "instance")
    instance.root.mkdir()
    last_good.rules(checkout, instance)
    spoil(checkout)
    with running(instance.root, in_march, checkout=checkout) as portal:
        assert portal.app.test_client().get("/apply/start", base_url=portal.address).status_code == 200
