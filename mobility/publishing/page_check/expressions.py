"""Finds in a page's template tags what cannot be read, and names that nothing has, with the nearest ones."""

from collections.abc import Iterator, Mapping
from typing import Any

import jinja2
from jinja2 import nodes

from mobility.publishing import template_errors
from mobility.publishing.page_check.page_files import PageFile
from mobility.publishing.page_check.tags import CLOSES, Tag
from mobility.yamlfiles.errors import did_you_mean
from mobility.yamlfiles.reader import Problem

_ASKS_WHETHER = ("defined", "undefined", "default", "d")
_OF_JINJA = ("loop", "caller", "varargs", "kwargs", "self", "super")
_UNKNOWN = object()
"""A value that only the rendering of a page tells."""


def problems(page: PageFile, tags: list[Tag], environment: jinja2.Environment) -> Iterator[Problem]:
    """What is wrong within the tags of a page; names are looked at where all tags can be read."""
    try:
        tree = environment.parse(page.text)
    except jinja2.TemplateSyntaxError as error:
        yield from _unreadable(page, tags, environment) or [
            Problem(page.file, error.lineno, template_errors.syntax(str(error)))
        ]
    else:
        yield from _unknown_names(page, tree, environment)


def _unreadable(page: PageFile, tags: list[Tag], environment: jinja2.Environment) -> list[Problem]:
    """Tags whose words and signs make no sense, each looked at alone."""
    found = []
    for tag in tags:
        if tag.kind == "{#" or tag.word == "raw":
            continue
        typed = f"{tag.kind}{tag.inner}{CLOSES[tag.kind]}"
        try:
            environment.parse(_whole(tag, typed))
        except jinja2.TemplateSyntaxError as error:
            said = "it is empty: delete it" if not tag.inner.strip() else template_errors.syntax(str(error))
            found.append(page.problem(tag.start, f"{' '.join(typed.split())}: {said}"))
    return found


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


def _unknown_names(
    page: PageFile, tree: nodes.Template, environment: jinja2.Environment
) -> Iterator[Problem]:
    """Names, parts of things, filters and tests that are not there."""
    every = list(tree.find_all(nodes.Node))
    values = {**environment.globals, **_of_page(every, environment)}
    asked = {id(part) for node in every for part in _may_lack(node)}
    for node in every:
        told = ""
        if isinstance(node, nodes.Name) and node.name not in values and id(node) not in asked:
            told = _nothing_called(node.name, environment.globals)
        elif isinstance(node, nodes.Getattr | nodes.Getitem) and id(node) not in asked:
            told = _no_part(node, values, environment)
        elif isinstance(node, nodes.Filter) and node.name not in environment.filters:
            near = did_you_mean(node.name, environment.filters)
            told = f'there is no filter (a word after |) "{node.name}"{near}'
        elif isinstance(node, nodes.Test) and node.name not in environment.tests:
            near = did_you_mean(node.name, environment.tests)
            told = f'there is no test (a word after is) "{node.name}"{near}'
        if told:
            yield Problem(page.file, node.lineno, told)


def _may_lack(node: nodes.Node) -> Iterator[nodes.Node]:
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


def _of_page(every: list[nodes.Node], environment: jinja2.Environment) -> dict[str, Any]:
    """The names that a page gives itself: for those of {% for %} the first of what the loop goes through."""
    given = [node.name for node in every if isinstance(node, nodes.Name) and node.ctx in ("store", "param")]
    given += [node.name for node in every if isinstance(node, nodes.Macro)]
    own: dict[str, Any] = dict.fromkeys((*given, *_OF_JINJA), _UNKNOWN)
    for node in every:
        if isinstance(node, nodes.Import):
            own[node.target] = _UNKNOWN
        elif isinstance(node, nodes.FromImport):
            own |= {name if isinstance(name, str) else name[1]: _UNKNOWN for name in node.names}
        elif isinstance(node, nodes.For) and isinstance(node.target, nodes.Name):
            through = _value(node.iter, {**environment.globals, **own}, environment)
            if isinstance(through, list | tuple) and through and given.count(node.target.name) == 1:
                own[node.target.name] = through[0]
    return own
