"""Reads a subgraph's answer without changing a number: what it says of a custom scalar reaches the client as it was written."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import msgspec

from router.transport.base import SubgraphAnswer, SubgraphResponse
from router.transport.body import decode_response

# Whole numbers become ints of any size. Others stay text: a float has room for 17 digits, and 1.10 would lose its zero.
decode_exactly = msgspec.json.Decoder(float_hook=msgspec.Raw).decode
_read = partial(decode_response, decode=decode_exactly)


def read_answer(subgraph: str, answer: SubgraphAnswer) -> SubgraphResponse:
    """The response; in its data, numbers with a fraction or an exponent are `msgspec.Raw`. Raises SubgraphFailure."""
    response = _read(subgraph, answer)
    if not response.errors:
        return response
    return replace(response, errors=decode_response(subgraph, answer).errors)  # for people, and for our own code


def as_float(value: msgspec.Raw) -> float:
    """The number that a text stands for, as near as a float comes."""
    return float(bytes(value))
