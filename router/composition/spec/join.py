"""The join specification v0.5: the machinery definitions of every supergraph and the names of its graphs.

Source: https://specs.apollo.dev/join/v0.5. Definitions are given by name, since the supergraph prints them sorted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

LINKS = (
    '@link(url: "https://specs.apollo.dev/link/v1.0")',
    '@link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)',
)

DIRECTIVES: Mapping[str, str] = {
    "join__directive": "directive @join__directive(graphs: [join__Graph!], name: String!, args: join__DirectiveArguments)"
    " repeatable on SCHEMA | OBJECT | INTERFACE | FIELD_DEFINITION",
    "join__enumValue": "directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE",
    "join__field": "directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet,"
    " type: String, external: Boolean, override: String, usedOverridden: Boolean, overrideLabel: String,"
    " contextArguments: [join__ContextArgument!]) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION",
    "join__graph": "directive @join__graph(name: String!, url: String!) on ENUM_VALUE",
    "join__implements": "directive @join__implements(graph: join__Graph!, interface: String!)"
    " repeatable on OBJECT | INTERFACE",
    "join__type": "directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false,"
    " resolvable: Boolean! = true, isInterfaceObject: Boolean! = false)"
    " repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR",
    "join__unionMember": "directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION",
    "link": "directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA",
}

TYPES: Mapping[str, str] = {
    "join__ContextArgument": """input join__ContextArgument {
  name: String!
  type: String!
  context: String!
  selection: join__FieldValue!
}""",
    "join__DirectiveArguments": "scalar join__DirectiveArguments",
    "join__FieldSet": "scalar join__FieldSet",
    "join__FieldValue": "scalar join__FieldValue",
    "link__Import": "scalar link__Import",
    "link__Purpose": '''enum link__Purpose {
  """
  `SECURITY` features provide metadata necessary to securely resolve fields.
  """
  SECURITY

  """
  `EXECUTION` features provide metadata necessary for operation execution.
  """
  EXECUTION
}''',
}


def graph_names(subgraphs: Sequence[str]) -> dict[str, str]:
    """The value of the enum join__Graph for each subgraph name.

    Non-word characters become `_`, a leading digit gets a `_` before it and a final `_<digits>` a `_` behind it, all in
    upper case; names that meet are all numbered.
    """
    by_value: dict[str, list[str]] = {}
    for name in subgraphs:
        by_value.setdefault(_sanitize(name), []).append(name)
    return {
        name: value if len(names) == 1 else f"{value}_{number}"
        for value, names in by_value.items()
        for number, name in enumerate(names, start=1)
    }


def _sanitize(name: str) -> str:
    value = re.sub(r"\W", "_", name, flags=re.ASCII)
    if value[:1].isdigit():
        value = f"_{value}"
    if re.search(r"_\d+\Z", value):
        value = f"{value}_"
    return value.upper()
