"""Paths of the files and folders of a checkout (sources, builds) and of an instance (a portal's data)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Checkout:
    """The folder of the project, or a copy of it: content, site templates, and what is built of them."""

    root: Path

    @property
    def partners(self) -> Path:
        """The catalogue: institution, requirements, calls, partners and programmes."""
        return self.root / "partners.yaml"

    @property
    def content(self) -> Path:
        """Pages, forms, list of documents, news, and the office's own downloads."""
        return self.root / "content"

    @property
    def site_source(self) -> Path:
        """Templates, theme and configuration of the static site."""
        return self.root / "site"

    @property
    def world_map(self) -> Path:
        """Outlines of the world's countries, for the map (JSON)."""
        return self.site_source / "map" / "world.json"

    @property
    def build(self) -> Path:
        """Generated files; can be deleted and built again."""
        return self.root / "build"

    @property
    def site(self) -> Path:
        """The built site: a symbolic link, which a successful build points at its output."""
        return self.build / "site"

    @property
    def headers(self) -> Path:
        """The security headers of the site, as files for the web servers that send them."""
        return self.build / "headers"


CHECKOUT = Checkout(Path(__file__).resolve().parent.parent)


@dataclass(frozen=True)
class Instance:
    """The data folder of a running portal. All personal data is here and nowhere else."""

    root: Path
    index_elsewhere: Path | None = None
    """The index, where it does not stand in `root`: on a shared file system each host has its own."""

    @property
    def index(self) -> Path:
        """The index (SQLite) of drafts and applications; can be deleted, and is made again."""
        return self.index_elsewhere or self.root / "index.sqlite3"

    @property
    def drafts(self) -> Path:
        """Applications not yet submitted, a folder each."""
        return self.root / "drafts"

    @property
    def submissions(self) -> Path:
        """Submitted applications as sealed bags, in a folder for each call."""
        return self.root / "submissions"

    @property
    def dossiers(self) -> Path:
        """Dossiers (PDFs made of applications); can be deleted and made again."""
        return self.root / "dossiers"

    @property
    def links(self) -> Path:
        """Which draft a private link opens, a file a link; not for the one its folder is named for."""
        return self.root / "links"

    @property
    def sessions(self) -> Path:
        """Browsers that have an application open."""
        return self.root / "sessions"

    @property
    def last_good_rules(self) -> Path:
        """A copy of the files that the office edits, as they were right last."""
        return self.root / "last-good-rules"

    @property
    def staff(self) -> Path:
        """Who of the office may open its desk, a file each."""
        return self.root / "staff"

    @property
    def digest(self) -> Path:
        """How far the journal was told to the staff, and on which day last."""
        return self.root / "digest.json"

    @property
    def staff_sessions(self) -> Path:
        """Browsers in which staff are signed in."""
        return self.root / "staff-sessions"

    @property
    def review(self) -> Path:
        """The office's requests and decisions, in a folder for each call and application."""
        return self.root / "review"

    @property
    def certificates(self) -> Path:
        """That the applications of a call were erased, a text file each time; they name nobody."""
        return self.root / "certificates"

    @property
    def outbox(self) -> Path:
        """Mail that is not sent yet."""
        return self.root / "outbox"

    @property
    def closer_looks(self) -> Path:
        """Which drafts have files that are to be looked at closely, an empty file each."""
        return self.root / "closer-looks"

    @property
    def tasks(self) -> Path:
        """Work that follows an answer and is not done yet."""
        return self.root / "tasks"

    @property
    def background_lock(self) -> Path:
        """Held by the one process that does what follows the answers of all."""
        return self.root / ".background.lock"

    @property
    def limit_counts(self) -> Path:
        """How often was done what is limited (SQLite); can be deleted, and counts begin at nought."""
        return self.root / "limits.sqlite3"

    @property
    def receipt_key(self) -> Path:
        """The private key with which receipts are signed now."""
        return self.root / "receipt-key.pem"

    @property
    def receipt_keys(self) -> Path:
        """The public keys of earlier signing keys, by which old receipts verify on."""
        return self.root / "receipt-keys"

    @property
    def format(self) -> Path:
        """The number of the format in which all of it is kept."""
        return self.root / "format"

    @property
    def journal(self) -> Path:
        """The audit log, a JSON object a line: who did what when."""
        return self.root / "journal.jsonl"

    @property
    def rehearsal(self) -> "Instance":
        """The separate instance that rehearsals write to."""
        elsewhere = self.index_elsewhere
        index = elsewhere.with_name(f"rehearsal-{elsewhere.name}") if elsewhere else None
        return Instance(self.root / "rehearsal", index)


def instance_of(root: Path, environment: Mapping[str, str]) -> Instance:
    """The instance in a folder, with its index where MOBILITY_INDEX says."""
    elsewhere = environment.get("MOBILITY_INDEX")
    return Instance(root, Path(elsewhere) if elsewhere else None)
