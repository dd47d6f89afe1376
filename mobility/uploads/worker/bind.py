"""Puts the cover of a dossier and the pages of its documents into one PDF, with bookmarks and page labels."""

from contextlib import ExitStack
from typing import Any, BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name, String


def bind(parts: list[dict[str, str]], *files: BinaryIO, target: BinaryIO) -> int:
    """One PDF of a cover and the parts behind it, whose pages are read only while it is written; its number
    of pages. Of each part: `label` of its pages, `title` of its bookmark, and `group` that this stands under,
    or nothing."""
    with ExitStack() as stack:
        whole, *others = (stack.enter_context(_opened(file)) for file in files)
        with whole.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            for key in [key for key in metadata if "pdfua" in key]:
                del metadata[key]  # the cover is made for screen readers; scans behind it are not
        labels: list[Any] = [0, Dictionary(S=Name.r)]
        starts = []
        for part, pdf in zip(parts, others, strict=True):
            starts.append(len(whole.pages))
            labels += [starts[-1], Dictionary(S=Name.D, P=String(part["label"]))]
            whole.pages.extend(pdf.pages)
        whole.Root.PageLabels = Dictionary(Nums=Array(labels))
        whole.Root.PageMode = Name.UseOutlines
        _bookmarks(whole, parts, starts)
        whole.save(
            target,
            deterministic_id=True,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
        return len(whole.pages)


def _opened(file: BinaryIO) -> pikepdf.Pdf:
    return pikepdf.open(file, access_mode=pikepdf.AccessMode.stream)


def _bookmarks(whole: pikepdf.Pdf, parts: list[dict[str, str]], starts: list[int]) -> None:
    """The cover, each part, and those of a group under the group."""
    with whole.open_outline() as outline:
        outline.root.clear()
        outline.root.append(pikepdf.OutlineItem("Cover", 0))
        groups: dict[str, pikepdf.OutlineItem] = {}
        for part, page in zip(parts, starts, strict=True):
            item = pikepdf.OutlineItem(part["title"], page)
            if not part["group"]:
                outline.root.append(item)
                continue
            if part["group"] not in groups:
                groups[part["group"]] = pikepdf.OutlineItem(part["group"], page)
                outline.root.append(groups[part["group"]])
            groups[part["group"]].children.append(item)
