"""The operation as the stages behind validation see it."""

from router.operation.model import Deferral, FieldSelection, FragmentSelection, Operation, Selection, fields_of
from router.operation.normalize import condition_variables, deferrals, normalize

__all__ = [
    "Deferral",
    "FieldSelection",
    "FragmentSelection",
    "Operation",
    "Selection",
    "condition_variables",
    "deferrals",
    "fields_of",
    "normalize",
]
