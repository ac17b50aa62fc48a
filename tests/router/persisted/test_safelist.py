"""Trusted documents are recognised however they are written, and nothing else is."""

from __future__ import annotations

import pytest
from graphql.utilities import strip_ignored_characters
from hypothesis import given
from hypothesis import strategies as st

from router.persisted import safelist as module
from router.persisted.manifest import TrustedDocument
from router.persisted.safelist import Safelist

TEXT = 'query Hello($n: Int = 1) {\n  hello(name: "a  b, #c", n: $n)\n  ... on Query { bye }\n}\n'
SAFELIST = Safelist([TrustedDocument("a1", TEXT), TrustedDocument("a1", "{ x }", client="ios")])


def test_by_id() -> None:
    """The client's own document comes before that of all, and an id may name its digest."""
    assert SAFELIST.by_id("a1", None) == TEXT
    assert SAFELIST.by_id("sha256:a1", "web") == TEXT
    assert SAFELIST.by_id("a1", "ios") == "{ x }"
    assert SAFELIST.by_id("a2", None) is None


IGNORED = st.text(alphabet=" ,\t\n\r\ufeff", max_size=4) | st.just('# a comment { } " \n')


@given(st.lists(IGNORED, min_size=40, max_size=40))
def test_whitespace_and_comments_do_not_matter(fillings: list[str]) -> None:
    """Whatever GraphQL ignores may stand between any two tokens."""
    tokens = ["query", "Hello", "(", "$", "n", ":", "Int", "=", "1", ")", "{", "hello", "(", "name", ":", '"a  b, #c"']
    tokens += ["n", ":", "$", "n", ")", "...", "on", "Query", "{", "bye", "}", "}"]
    spelled = " ".join(token + filling for token, filling in zip(tokens, fillings, strict=False))
    assert strip_ignored_characters(spelled) == strip_ignored_characters(TEXT)

    assert SAFELIST.like(spelled) == (TEXT if len(spelled) <= len(TEXT) * 4 else None)


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("bye", "by"),
        TEXT.replace("a  b", "a b"),
        TEXT.replace("... on Query { bye }", "bye"),
        TEXT + TEXT,
        TEXT + "{ y }",
        TEXT + '"',
        "",
        "\0",
        "{",
    ],
)
def test_nothing_else_passes(text: str) -> None:
    """A changed name, a changed string, another definition behind it, and what is not even GraphQL."""
    assert SAFELIST.like(text) is None


def test_a_text_is_taken_apart_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The spelling that a client sends again and again is remembered, whether it is trusted or not; a huge one is not looked into."""
    taken_apart = 0

    def counting(text: str) -> str:
        nonlocal taken_apart
        taken_apart += 1
        return strip_ignored_characters(text)

    safelist = Safelist([TrustedDocument("a1", TEXT)])
    monkeypatch.setattr(module, "strip_ignored_characters", counting)
    for _ in range(3):
        assert safelist.like(TEXT) == TEXT
        assert safelist.like(" " + TEXT) == TEXT
        assert safelist.like("{ other }") is None
        assert safelist.like(TEXT + " " * 100_000) is None

    assert taken_apart == 2
