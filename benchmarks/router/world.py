"""The data behind the subgraphs: users, products and reviews made by rule from their identities, the same each time.

An identity says in its first letter which of two worlds it is of: in that of `r` everything leads back to a handful of
entities, in that of `u` to new ones. Answers are of the same shape and size in both.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zlib import crc32

REPEATING, UNIQUE = "r", "u"
HANDFUL = {"user": 6, "product": 5, "review": 11}
USERS = 6
TOP_PRODUCTS = 5
REVIEWS_OF_A_USER = 2
REVIEWS_OF_A_PRODUCT = 4
WORDS_OF_A_REVIEW = 44
VOCABULARY = (
    "sturdy lovely handle arrived broken twice again kettle quiet bright would buy colour wrong price fair solid "
    "light heavy enough garden never slow warm crisp thin edges plain honest long week gift returned neat small odd"
)
WORDS = VOCABULARY.split()
ACCENTED = " – naïve, but “café” quality"  # one review in four has more than ASCII

Entity = dict[str, Any]


def user(identity: str) -> Entity:
    """A user as the default resolvers of graphql-core read it: a callable value is a field that is computed when asked for."""
    return {
        "__typename": "User",
        "id": identity,
        "name": f"{_word(identity, 'first').title()} {_word(identity, 'last').title()}",
        "username": f"@{identity}",
        "reviews": lambda _: [review(child(identity, "review", n)) for n in range(REVIEWS_OF_A_USER)],
    }


def product(identity: str) -> Entity:
    """A product. `shippingEstimate` is left to who knows price and weight: see `shipped`."""
    return {
        "__typename": "Product",
        "upc": identity,
        "name": f"{_word(identity, 'adjective')} {_word(identity, 'noun')}",
        "price": 1_000 + _number(identity, "price") % 9_000,
        "weight": 100 + _number(identity, "weight") % 900,
        "inStock": _number(identity, "stock") % 2 == 0,
        "reviews": lambda _: [review(child(identity, "review", n)) for n in range(REVIEWS_OF_A_PRODUCT)],
    }


def shipped(known: Entity, given: Mapping[str, Any]) -> Entity:
    """A product with the estimate that follows from a price and a weight, which a gateway has to bring along."""
    return known | {"shippingEstimate": lambda _: 1_000 + given["price"] * given["weight"] % 9_000}


def whole_product(identity: str) -> Entity:
    """A product as one who has all the data sees it."""
    known = product(identity)
    return shipped(known, known)


def review(identity: str, body: str | None = None) -> Entity:
    """A review; `body` takes the place of the one by rule."""
    return {
        "__typename": "Review",
        "id": identity,
        "body": body or _text(identity),
        "author": lambda _: user(child(identity, "user")),
        "product": lambda _: whole_product(child(identity, "product")),
    }


def child(identity: str, kind: str, n: int = 0) -> str:
    """The identity of what an entity leads to."""
    return _identity(identity[0], kind, _number(identity, f"{kind}{n}"))


def roots() -> dict[str, Any]:
    """The root fields of every subgraph, `_entities` included."""
    return {
        "users": lambda _, unique: [user(_identity(_world(unique), "user", n)) for n in range(USERS)],
        "user": lambda _, **given: user(given["id"]),
        "topProducts": lambda _, unique: [
            whole_product(_identity(_world(unique), "product", n)) for n in range(TOP_PRODUCTS)
        ],
        "review": lambda _, upc, body: review(child(upc, "review"), body),
        "_entities": lambda _, representations: [_entity(representation) for representation in representations],
    }


def _entity(representation: Mapping[str, Any]) -> Entity:
    if representation["__typename"] == "User":
        return user(representation["id"])
    return shipped(product(representation["upc"]), representation)


def _world(unique: bool) -> str:
    return UNIQUE if unique else REPEATING


def _identity(world: str, kind: str, number: int) -> str:
    return f"{world}{number % HANDFUL[kind] if world == REPEATING else number:08x}"


def _number(identity: str, what: str) -> int:
    return crc32(f"{identity}.{what}".encode())


def _text(identity: str) -> str:
    words = " ".join(_word(identity, str(n)) for n in range(WORDS_OF_A_REVIEW))
    return words + ACCENTED if _number(identity, "accent") % 4 == 0 else words


def _word(identity: str, what: str) -> str:
    return WORDS[_number(identity, what) % len(WORDS)]
