"""KEY_*: a @key names plain fields of its type, none of them of an interface or union type."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.fieldset import FieldSetError, parse_field_set, select
from router.composition.model.schema import ABSTRACT_KINDS
from router.composition.model.subgraph import Subgraph
from router.composition.model.typeref import base_name
from router.composition.report import Report
from router.composition.rules.field_sets import FieldSetUse, check_fields, report_use
from router.composition.spec.link import Version

_INTERFACE_KEYS_SINCE = Version(2, 3)


def check(subgraph: Subgraph, report: Report) -> None:
    """Check every @key of a subgraph."""
    for type_ in subgraph.schema.types.values():
        for key in type_.applied("key"):
            use = FieldSetUse(key, type_.name, type_.name)
            if type_.kind == "INTERFACE" and subgraph.version < _INTERFACE_KEYS_SINCE:
                problem = (
                    f"keys on interfaces need federation {_INTERFACE_KEYS_SINCE}, the schema links {subgraph.version}"
                )
                report_use(use, Code.KEY_UNSUPPORTED_ON_INTERFACE, problem, subgraph, report)
            if not _selects_abstract(use, subgraph, report):
                check_fields(use, subgraph, report, arguments_allowed=False)


def _selects_abstract(use: FieldSetUse, subgraph: Subgraph, report: Report) -> bool:
    try:
        selections = parse_field_set(use.directive.string("fields") or "")
    except FieldSetError:
        return False
    found = False
    for selected in select(subgraph.schema, use.type_name, selections):
        target = subgraph.type(base_name(selected.field.type)) if selected.field is not None else None
        if selected.field is not None and target is not None and target.kind in ABSTRACT_KINDS:
            found = True
            problem = f'field "{selected.field.coordinate}" is of type "{selected.field.type}", {target.kind.lower()}s cannot be in a key'
            report_use(use, Code.KEY_FIELDS_SELECT_INVALID_TYPE, problem, subgraph, report)
    return found
