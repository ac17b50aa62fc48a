"""Plans compiled to Python: the fast way through the executor, for answers that are as they should be.

`compile_plan` turns a plan into classes that answers are decoded straight into, and a few functions that fill, check and encode them.
What it makes raises `Deopt` on anything else, and the generic engine works the operation out from the same answers.

A plan is looked at in steps, each a module: `answers` (what each fetch may bring), `places` (what stands where in the merged tree),
`kinds` (which places share a class, and which classes are what the client sees), `sharing` (where one object may stand for many). Then
`classes`, `walk`, `asks`, `takes` and `output` write what runs.
"""

from router.executor.compiled.compile import Compiled, compile_plan, compiled
from router.executor.compiled.refusal import Refused

__all__ = ["Compiled", "Refused", "compile_plan", "compiled"]
