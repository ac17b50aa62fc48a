"""OVERRIDE_LABEL_INVALID: the label of an @override is a name or a share of the requests."""

from __future__ import annotations

import re

from router.composition.codes import Code
from router.composition.model.overriding import Override

_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_\-:./]*\Z")
_PERCENT = re.compile(r"percent\(([0-9]{1,2}(\.[0-9]{1,8})?|100)\)\Z")


def check(override: Override) -> bool:
    """Whether the label is well formed; one that is not is reported."""
    label = override.label or ""
    if _NAME.match(label) or _PERCENT.match(label):
        return True
    override.error(
        Code.OVERRIDE_LABEL_INVALID,
        f'the label "{label}" is neither a letter followed by letters, digits and any of "_-:./"'
        ' nor "percent(x)" with x from 0 to 100 and at most 8 decimals',
    )
    return False
