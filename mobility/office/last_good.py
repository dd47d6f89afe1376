"""The last good rules: a copy of what the office edits, kept among the data while it is right.

So a slip in partners.yaml stops neither the portal nor an officer's command: what was good last holds on.
"""

from contextlib import suppress
from pathlib import Path

from mobility import storage
from mobility.catalogue import rulebook
from mobility.catalogue.rulebook import Rulebook
from mobility.paths import Checkout, Instance
from mobility.yamlfiles.reader import InvalidFile, Problem


def rules(checkout: Checkout, instance: Instance) -> tuple[Rulebook, list[Problem]]:
    """The rules as they are edited now; where those are wrong, the last good ones, and what is wrong. Raises
    InvalidFile where there were never any."""
    try:
        book = rulebook.load(checkout)
    except InvalidFile as error:
        if not instance.last_good_rules.exists():
            raise
        return rulebook.load(Checkout(instance.last_good_rules)), error.problems
    _keep(checkout, instance)
    return book, []


def _keep(checkout: Checkout, instance: Instance) -> None:
    """Copies the files that make the rules, where they are not those that are kept; nothing where there are
    no data yet."""
    wanted = {name: (checkout.root / name).read_bytes() for name in file_names(checkout.root)}
    kept = instance.last_good_rules
    if not instance.root.exists() or wanted == _content(kept):
        return
    with storage.locked(instance.root):
        if wanted == _content(kept):  # by another meanwhile
            return
        making = kept.with_name(f".making-{kept.name}")
        storage.remove(making)
        for name, content in wanted.items():
            storage.folder((making / name).parent)
            storage.write(making / name, content)
        storage.remove(kept)
        storage.move(making, kept)


def _content(kept: Path) -> dict[str, bytes]:
    """What is kept; nothing where another process is just putting new files in its place."""
    with suppress(FileNotFoundError):
        return {name: (kept / name).read_bytes() for name in file_names(kept)}
    return {}


def file_names(root: Path) -> list[str]:
    """The files of a checkout that make the rules, below its root."""
    names = ("partners.yaml", "content/documents.yaml", "content/news.yaml", "content/words.yaml")
    found = [root / name for name in names]
    found += sorted((root / "content/forms").glob("*.yaml"))
    return [str(path.relative_to(root)) for path in found if path.exists()]
