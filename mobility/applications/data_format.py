"""The version of the format in which data are kept: one number, in the file `format` of a data folder and in
each record (versioned_files), as records also leave their folder: sealed, archived, restored one by one.

A newer program reads every earlier format, and sets the folder's to its own when the portal starts; records
keep theirs until they are written again. An older one stays away from a newer folder or record, of which it
might lose what it does not know. Raise FORMAT when files are written that the program of before would read
wrongly, and add the folder that the program of before kept to tests/data (tests/helpers/kept_instance.py
makes one).
"""

from pathlib import Path

from mobility import storage
from mobility.paths import Instance

FORMAT = 2
"""0: of before a folder said it, as 1 otherwise. 2: each record says it, and is a mapping."""


class TooNew(ValueError):
    """A folder or a record is kept by a newer version of this program, as the message says."""

    def __init__(self, place: Path, found: str):
        super().__init__(
            f"{place} is kept in format {found}; this version knows {FORMAT} and before: update it"
        )


def of(instance: Instance) -> int:
    """In which format a folder is kept. Raises TooNew."""
    path = instance.format
    if not path.exists():
        return 0
    found = path.read_text(encoding="utf-8").strip()
    if not found.isdecimal() or int(found) > FORMAT:
        raise TooNew(instance.root, found)
    return int(found)


def is_used(instance: Instance) -> bool:
    """Whether a portal, or a command, has kept anything in a folder."""
    kept = (
        instance.format,
        instance.journal,
        instance.receipt_key,
        instance.drafts,
        instance.submissions,
        instance.staff,
    )
    return any(path.exists() for path in kept)


def bring_up(instance: Instance) -> None:
    """Brings a folder up to this version's format. Raises TooNew."""
    if of(instance) != FORMAT:
        storage.folder(instance.root)
        storage.write(instance.format, f"{FORMAT}\n")
