"""What follows from a page (mail, the office's list): kept as a task, and done after the answer."""

from flask import current_app

from mobility.office import tasks
from portal.background import Background
from portal.context import context


def add(kind: str, **about: str) -> None:
    """Adds a task (see mobility.office.tasks.DO). Should that fail, what was done on the page stays done, and
    the log says so."""
    ctx = context()
    try:
        tasks.add(ctx.settings.kept, kind, ctx.now(), **about)
    except OSError as error:
        current_app.logger.error("task %s could not be kept: %s", kind, type(error).__name__)
        return
    background: Background = current_app.extensions["background"]
    background.wake()
