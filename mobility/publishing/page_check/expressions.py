"""Finds in a page's template tags what cannot be read, and names that nothing has, with the nearest ones."""

from collections.abc import Iterator, Mapping
from typing import Any

import jinja2
from jinja2 import meta, nodes

from mobility.publishing import template_errors
from mobility.publishing.page_check.page_files import PageFile
from mobility.publishing.page_check.tags import CLOSES, Tag
from mobility.yamlfiles.errors import did_you_mean
from mobility.yamlfiles.reader import Problem

_ASKS_WHETHER = ("defined", "undefined", "default", "d")
_UNKNOWN = object()
"""A value that only the rendering of a page tells."""


def unreadable(page: PageFile, tags: list[Tag], environment: jinja2.Environment) -> Iterator[Problem]:
    """Tags whose words and signs make no sense, each looked at alone."""
    for tag in tags:
        if tag.kind == "{#" or tag.word == "raw":
            continue
        typed = f"{tag.kind}{tag.inner}{CLOSES[tag.kind]}"
        try:
            environment.parse(_whole(tag, typed))
        except jinja2.TemplateSyntaxError as error:
            said = "it is empty: delete it" if not tag.inner.strip() else template_errors.syntax(str(error))
            yield page.problem(tag.start, f"{' '.join(typed.split())}: {said}")


def _whole(tag: Tag, typed: str) -> str:
    """A tag with what it needs beside it to be read."""
    if tag.kind == "{%":
        if tag.has_end:
            return f"{typed}{{% end{tag.word} %}}"
        if tag.word in ("else", "elif"):
            return f"{{% if 1 %}}{typed}{{% endif %}}"
        if tag.word.startswith("end"):
            return ""
    return typed


def unknown_names(page: PageFile, environment: jinja2.Environment) -> Iterator[Problem]:
    """Names, parts of things, filters and tests of a readable page that are not there."""
    tree = environment.parse(page.text)
    if wrong := list(_unknown_words(page, tree, environment)):  # without which names cannot be told
        yield from wrong
        return
    known = environment.globals
    values = {**known, **_of_loops(tree, environment)}
    missing = meta.find_undeclared_variables(tree) - set(known)
    asked = {id(name) for test in tree.find_all((nodes.Test, nodes.Filter)) for name in _may_lack(test)}
    for name in tree.find_all(nodes.Name):
        if name.name in missing and id(name) not in asked:
            yield Problem(page.file, name.lineno, _nothing_called(name.name, known))
            asked.add(id(name))
    for part in tree.find_all((nodes.Getattr, nodes.Getitem)):
        if id(part) not in asked and (told := _no_part(part, values, environment)):
            yield Problem(page.file, part.lineno, told)


def _unknown_words(
    page: PageFile, tree: nodes.Template, environment: jinja2.Environment
) -> Iterator[Problem]:
    """Filters and tests that are not there."""
    for kind, names in ((nodes.Filter, environment.filters), (nodes.Test, environment.tests)):
        for used in tree.find_all(kind):
            if used.name not in names:
                what = "filter (a word after |)" if kind is nodes.Filter else "test (a word after is)"
                said = f'there is no {what} "{used.name}"{did_you_mean(used.name, names)}'
                yield Problem(page.file, used.lineno, said)


def _may_lack(node: nodes.Expr) -> Iterator[nodes.Node]:
    """What may be missing where a page asks whether it is: x is defined, x|default(…)."""
    if isinstance(node, nodes.Test | nodes.Filter) and node.node and node.name in _ASKS_WHETHER:
        yield node.node
        yield from node.node.find_all((nodes.Name, nodes.Getattr, nodes.Getitem))


def _nothing_called(name: str, known: Mapping[str, Any]) -> str:
    if near := did_you_mean(name, known):
        return f'nothing is called "{name}"{near}'
    homes = [each for each, value in known.items() if name in template_errors.parts_of(value)]
    where = f", did you mean {homes[0]}.{name}?" if homes else ": copy what another page writes"
    return f'nothing is called "{name}"{where}'


def _no_part(node: nodes.Expr, values: Mapping[str, Any], environment: jinja2.Environment) -> str:
    """What to tell where a thing is known and lacks the part that is asked of it; else an empty string."""
    if not isinstance(node, nodes.Getattr | nodes.Getitem):
        return ""
    whole = _value(node.node, values, environment)
    if whole is _UNKNOWN or not isinstance(_value(node, values, environment), jinja2.Undefined):
        return ""
    name = node.attr if isinstance(node, nodes.Getattr) else node.arg.as_const()
    return template_errors.no_such_part(_written(node.node), whole, name)


def _value(node: nodes.Node, values: Mapping[str, Any], environment: jinja2.Environment) -> Any:
    """What a dotted name stands for; Undefined where a part is missing, _UNKNOWN where it cannot be told."""
    if isinstance(node, nodes.Name):
        return values.get(node.name, _UNKNOWN)
    if not isinstance(node, nodes.Getattr | nodes.Getitem):
        return _UNKNOWN
    whole = _value(node.node, values, environment)
    if whole is _UNKNOWN or isinstance(whole, jinja2.Undefined):
        return _UNKNOWN
    if isinstance(node, nodes.Getattr):
        return environment.getattr(whole, node.attr)
    return environment.getitem(whole, node.arg.value) if isinstance(node.arg, nodes.Const) else _UNKNOWN


def _written(node: nodes.Node) -> str:
    """A dotted name as it is written."""
    if isinstance(node, nodes.Getattr):
        return f"{_written(node.node)}.{node.attr}"
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        return f"{_written(node.node)}[{node.arg.value!r}]"
    return node.name if isinstance(node, nodes.Name) else "it"


def _of_loops(tree: nodes.Template, environment: jinja2.Environment) -> dict[str, Any]:
    """The names that a page gives itself: for those of {% for %} the first of what the loop goes through."""
    given = [name.name for name in tree.find_all(nodes.Name) if name.ctx in ("store", "param")]
    own: dict[str, Any] = dict.fromkeys(given, _UNKNOWN)
    for loop in tree.find_all(nodes.For):
        if isinstance(loop.target, nodes.Name):
            through = _value(loop.iter, {**environment.globals, **own}, environment)
            several = sum(
                each.name == loop.target.name for each in tree.find_all(nodes.Name) if each.ctx == "store"
            )
            if isinstance(through, list | tuple) and through and several == 1:
                own[loop.target.name] = through[0]
    return own
