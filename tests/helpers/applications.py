"""The types of the fixtures that fill and seal applications."""

from collections.abc import Callable

from mobility.applications.bags import Bag
from mobility.applications.drafts import Draft

Filled = Callable[..., Draft]
"""Makes a draft with every answer, some of them changed, and every document."""
Sealed = Callable[..., Bag]
"""Submits a draft and gives its sealed bag."""
