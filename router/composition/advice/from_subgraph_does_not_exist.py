"""FROM_SUBGRAPH_DOES_NOT_EXIST: an @override names a subgraph that is not there."""

from __future__ import annotations

from graphql.pyutils import did_you_mean, suggestion_list

from router.composition.hints import HintCode
from router.composition.model.overriding import Override


def hint(override: Override) -> None:
    """Tell that the override is without effect."""
    similar = suggestion_list(override.from_, [subgraph.name for subgraph in override.merging.subgraphs])
    problem = f'there is no subgraph "{override.from_}" to override{did_you_mean(similar).rstrip("?")}'
    override.hint(HintCode.FROM_SUBGRAPH_DOES_NOT_EXIST, problem)
