"""Serves the built site beside the portal, where no web server stands before both."""

from pathlib import Path

from flask import Blueprint, abort, redirect, send_from_directory
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as AnyResponse

from portal.house import house

blueprint = Blueprint("site", __name__)


@blueprint.get("/", defaults={"path": ""})
@blueprint.get("/<path:path>")
def page(path: str) -> AnyResponse:
    """A file of the site; a folder's is its index.html."""
    root = house().settings.site
    found = safe_join(str(root), path) if root else None
    if root is None or found is None:
        abort(404)
    if Path(found).is_dir():
        if path and not path.endswith("/"):
            return redirect(f"/{path}/", 308)
        path += "index.html"
    if not (root / path).is_file():
        abort(404)
    return send_from_directory(root.resolve(), path, max_age=0)
