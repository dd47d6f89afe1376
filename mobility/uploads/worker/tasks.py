"""What the sandbox does with files, by the names that `mobility.uploads.sandbox.run` is given.

Each takes plain values, then open files, and with `target` one to fill; it gives plain values, or yields them
more than once, each time all that is known by then.
"""

from mobility.uploads.worker.bind import bind
from mobility.uploads.worker.flatten import flatten
from mobility.uploads.worker.look import look, look_closely, read_fields
from mobility.uploads.worker.page_pictures import draw_page
from mobility.uploads.worker.pictures import to_pdf as join_pictures

__all__ = ["bind", "draw_page", "flatten", "join_pictures", "look", "look_closely", "read_fields"]
