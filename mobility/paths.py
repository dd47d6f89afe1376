"""Where the parts of a checkout stand."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Places:
    """The folders under one root: what the office edits, how it looks, what is built."""

    root: Path

    @property
    def partners(self) -> Path:
        """The catalogue."""
        return self.root / "partners.yaml"

    @property
    def content(self) -> Path:
        """What people read: pages, forms, the list of documents, the office's own downloads."""
        return self.root / "content"

    @property
    def looks(self) -> Path:
        """Templates and theme of the site."""
        return self.root / "site"

    @property
    def map(self) -> Path:
        """Outlines of the world's countries."""
        return self.looks / "map" / "world.json"

    @property
    def build(self) -> Path:
        """All that is made and can be made again."""
        return self.root / "build"

    @property
    def site(self) -> Path:
        """The last good site: a link that a build turns over to the new one."""
        return self.build / "site"


CHECKOUT = Places(Path(__file__).resolve().parent.parent)


@dataclass(frozen=True)
class Instance:
    """What a running portal keeps, under one root. Everything personal is here and nowhere else."""

    root: Path

    @property
    def drafts(self) -> Path:
        """Applications being filled; nobody reviews them."""
        return self.root / "drafts"

    @property
    def submissions(self) -> Path:
        """Sealed applications, a folder a call."""
        return self.root / "submissions"

    @property
    def dossiers(self) -> Path:
        """PDFs made of applications; they can be made again."""
        return self.root / "dossiers"

    @property
    def links(self) -> Path:
        """Which draft a private link opens, where the draft's folder is not named for it."""
        return self.root / "links"

    @property
    def review(self) -> Path:
        """What the office says of applications, a folder an application in that of its call."""
        return self.root / "review"

    @property
    def outbox(self) -> Path:
        """Mail waiting to go."""
        return self.root / "outbox"

    @property
    def receipt_key(self) -> Path:
        """The secret with which receipts are signed; to be kept as long as receipts are shown."""
        return self.root / "receipt-key.pem"

    @property
    def journal(self) -> Path:
        """Who did what when."""
        return self.root / "journal.jsonl"

    @property
    def rehearsal(self) -> "Instance":
        """The folder of what was only tried."""
        return Instance(self.root / "rehearsal")
