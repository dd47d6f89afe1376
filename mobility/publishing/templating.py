"""The templates' engine, set so that large catalogues are filled fast; and blocks that are filled late."""

import itertools
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import jinja2
import jinja2.compiler
from jinja2.bccache import Bucket
from markupsafe import Markup, escape


class _Calls(jinja2.runtime.Context):
    """Calls what templates call: none of it asks for their context, for which the library looks each time."""

    def call(
        self,
        thing: Callable[..., Any],
        /,
        *given: Any,
        _loop_vars: Any = None,
        _block_vars: Any = None,
        **named: Any,
    ) -> Any:
        """What the thing returns."""
        return thing(*given, **named)


class _Joined(jinja2.compiler.CodeGenerator):
    """Shows values without a wrapper of safe text around each: they are joined to one text at once."""

    def _output_child_pre(self, *_: Any) -> None:
        self.write("environment.shown(")


_MARKED = re.compile("[&<>\"']")


def _shown(value: Any) -> str:
    """As the library's escape(), which takes four times as long."""
    kind = type(value)
    plain = kind is Markup or (kind is str and not _MARKED.search(value))
    shown: str = value if plain else escape(value)
    return shown


class _Compiled(jinja2.BytecodeCache):
    """Templates compiled once, for all languages and all builds of one process."""

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Takes what is known of a text; the library compares it with what the text is now."""
        if found := self._known.get(bucket.key):
            bucket.bytecode_from_string(found)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps a text that was compiled."""
        self._known[bucket.key] = bucket.bytecode_to_string()


_compiled = _Compiled()


class Environment(jinja2.Environment):
    """Where templates are looked for, as they are now: who wants them anew makes another."""

    context_class = _Calls
    code_generator_class = _Joined
    shown = staticmethod(_shown)

    def __init__(self, folders: Sequence[Path]):
        super().__init__(
            loader=jinja2.FileSystemLoader(folders),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=_compiled,
            undefined=jinja2.StrictUndefined,
        )

    def filled(self, name: str, values: dict[str, Any]) -> str:
        """A template filled with values and nothing else: who fills thousands gathers the globals once."""
        template = self.get_template(name)
        try:
            return self.concat(template.root_render_func(template.new_context(values, shared=True)))
        except Exception:
            self.handle_exception()  # raises it again, with the lines of the templates


class Late:
    """Blocks of a text that the generator does not see: it renders a page around the tokens that stand for
    them, and need not render it again where only they change."""

    _TOKEN = re.compile(r"<!--QQlate(\d+)QQ-->")

    def __init__(self) -> None:
        self._blocks: dict[int, Callable[[], str]] = {}
        self._numbers = itertools.count()

    def __call__(self, caller: Callable[[], str]) -> Markup:
        """The token of a block, in templates: {% call late() %}…{% endcall %}."""
        number = next(self._numbers)
        self._blocks[number] = caller
        return Markup(f"<!--QQlate{number}QQ-->")

    def settle(self, html: str, *, keep: bool) -> str:
        """The text with its blocks in their places. Unless kept, they are then forgotten."""
        take = self._blocks.__getitem__ if keep else self._blocks.pop
        return self._TOKEN.sub(lambda found: str(take(int(found[1]))()).strip(), html)
