"""The `import:` of a @link: a list of element names, or of `{name: "@element", as: "@alias"}`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from graphql import ListValueNode, NullValueNode, ObjectValueNode, StringValueNode, ValueNode, print_ast

_ELEMENT = re.compile(r"@?[A-Za-z_]\w*\Z", re.ASCII)
_FORM = 'an import is either a string or `{ name: "@element", as: "@alias" }`'


class ImportSyntaxError(ValueError):
    """An import list with entries that are not well formed; `problems` has a sentence for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def read_imports(value: ValueNode | None) -> Mapping[str, str]:
    """Elements with what they are called here, both with `@` for directives. Raises ImportSyntaxError."""
    if value is None or isinstance(value, NullValueNode):
        return {}
    if not isinstance(value, ListValueNode):
        raise ImportSyntaxError(['the argument "import" is a list, even of one element'])
    imports: dict[str, str] = {}
    problems: list[str] = []
    for entry in value.values:
        try:
            element, local = _entry(entry)
        except ValueError as error:
            problems.append(str(error))
            continue
        if imports.setdefault(element, local) != local:
            problems.append(f'"{element}" is imported both as "{imports[element]}" and as "{local}": once is enough')
    if problems:
        raise ImportSyntaxError(problems)
    return imports


def _entry(entry: ValueNode) -> tuple[str, str]:
    if isinstance(entry, StringValueNode):
        return entry.value, entry.value
    if not isinstance(entry, ObjectValueNode):
        raise ValueError(f"{_FORM}, not {print_ast(entry)}")
    fields = {field.name.value: field.value for field in entry.fields}
    unknown = fields.keys() - {"name", "as"}
    if unknown or "name" not in fields:
        problem = f'"{min(unknown)}" is no part of it' if unknown else 'it has no "name"'
        raise ValueError(f"{_FORM}, and in {print_ast(entry)} {problem}")
    element = _name(fields["name"], entry)
    local = _name(fields["as"], entry) if "as" in fields else element
    if element.startswith("@") != local.startswith("@"):
        raise ValueError(f'the import of "{element}" as "{local}" must have "@" on both names or on neither')
    return element, local


def _name(value: ValueNode, entry: ValueNode) -> str:
    if isinstance(value, StringValueNode) and _ELEMENT.match(value.value):
        return value.value
    raise ValueError(f"{print_ast(value)} in the import {print_ast(entry)} is not a name")
