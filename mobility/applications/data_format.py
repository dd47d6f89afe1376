"""The version of the format in which a data folder is kept, in its file `format`: one number for all of it.

A newer program reads every earlier format, and brings the folder up to its own when the portal starts. An
older one stays away from a newer folder, of which it might lose what it does not know. Raise FORMAT when
files are written that the program of before would read wrongly, with a step in `bring_up`, and add the folder
that the program of before kept to tests/data (tests/helpers/kept_instance.py makes one).
"""

from mobility import storage
from mobility.paths import Instance

FORMAT = 1
"""0: of before there was such a file; it is read as 1."""


class TooNew(Exception):
    """The folder is kept by a newer version of this program."""

    def __init__(self, instance: Instance, found: str):
        super().__init__(
            f"{instance.root} is kept in format {found}; this version knows {FORMAT} and before: update it"
        )


def of(instance: Instance) -> int:
    """In which format a folder is kept. Raises TooNew."""
    path = instance.format
    if not path.exists():
        return 0
    found = path.read_text(encoding="utf-8").strip()
    if not found.isdecimal() or int(found) > FORMAT:
        raise TooNew(instance, found)
    return int(found)


def bring_up(instance: Instance) -> None:
    """Brings a folder up to this version's format. Raises TooNew."""
    if of(instance) != FORMAT:
        storage.folder(instance.root)
        storage.write(instance.format, f"{FORMAT}\n")
