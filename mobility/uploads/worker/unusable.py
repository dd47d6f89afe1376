"""Why a file cannot be used: a reason by name, which the other side has a sentence for."""

from typing import Any


class Unusable(Exception):
    """A task gives its file up. `reason`: one of those that the caller knows; `values`: to fill into it."""

    def __init__(self, reason: str, **values: Any):
        self.reason, self.values = reason, values
        super().__init__(reason)
