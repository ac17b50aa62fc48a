"""Two hundred and more hostile requests, by what they try."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from router.limits import NESTING_MAX
from tests.router.hostile.attack import Attack, asked, attacks, posted, request
from tests.router.security.test_attacks import ATTACKS as TOKENS

QUERY = "{ hello }"
MUTATION_IN_URL = "/graphql?query=mutation%7Bpublish(title:%22x%22)%7Bid%7D%7D"
GOOD_BODY = json.dumps({"query": QUERY}).encode()


def every_attack() -> list[Attack]:
    """All of them, in a fixed order."""
    return [
        *_bodies(),
        *_http(),
        *_connections(),
        *_sizes(),
        *_nesting(),
        *_floods(),
        *_operations(),
        *_variables(),
        *_tokens(),
        *_forgeries(),
        *_names(),
        *_streams(),
    ]


# ── what is no GraphQL request ──────────────────────────────────────────────────────────────────────────────────────


def _bodies() -> Iterator[Attack]:
    malformed = {
        "nothing": b"",
        "half an object": b'{"query": "{ hello }"',
        "not JSON": b"query { hello }",
        "a trailing comma": b'{"query": "{ hello }",}',
        "NaN": b'{"query": "{ hello }", "variables": {"a": NaN}}',
        "two objects": GOOD_BODY * 2,
        "a null byte": b"\0" + GOOD_BODY,
        "a lone surrogate": b'{"query": "{ hello(name: \\"\\ud800\\") }"}',
        "UTF-16": GOOD_BODY.decode().encode("utf-16"),
        "broken UTF-8": b'{"query": "\xff\xfe"}',
        "a control character in a string": b'{"query": "a\nb\x01"}',
        "a text": b'"{ hello }"',
        "a number": b"17",
        "null": b"null",
        "no query": b'{"variables": {}}',
        "a query that is a list": b'{"query": ["{ hello }"]}',
        "a query that is a number": b'{"query": 1}',
        "an empty query": b'{"query": ""}',
        "a blank query": b'{"query": " \\n\\t "}',
        "a name that is a number": b'{"query": "{ hello }", "operationName": 1}',
        "variables that are a list": b'{"query": "{ hello }", "variables": []}',
        "variables that are a text": b'{"query": "{ hello }", "variables": "{}"}',
        "extensions that are a list": b'{"query": "{ hello }", "extensions": [1]}',
    }
    yield from attacks("body", "BAD_REQUEST", 400, {name: posted(body) for name, body in malformed.items()})
    batches: dict[str, Any] = {"one": [{"query": QUERY}], "none": [], "a thousand": [{"query": QUERY}] * 1_000}
    yield from attacks("batch", "BATCHING_NOT_ENABLED", 400, {name: posted(body) for name, body in batches.items()})


def _http() -> Iterator[Attack]:
    types = {
        "none": "",
        "XML": "application/xml",
        "GraphQL": "application/graphql",
        "JSON in another charset": "application/json; charset=utf-16",
        "nearly JSON": "application/jsonp",
    }
    unsimple = {name: value for name, value in types.items() if value}
    yield from attacks(
        "type",
        "BAD_REQUEST",
        415,
        {n: request(body=GOOD_BODY, headers={"content-type": v}) for n, v in unsimple.items()},
    )
    methods = ("PATCH", "TRACE", "CONNECT", "PURGE")
    yield from attacks("method", "BAD_REQUEST", 405, {m: request(m, body=GOOD_BODY) for m in methods})
    accepts = ("text/csv", "application/json;q=0", "image/*", "application/graphql-response+json;q=0")
    yield from attacks(
        "accept", "BAD_REQUEST", 406, {a: request(body=GOOD_BODY, headers={"accept": a}) for a in accepts}
    )
    shown = {"x-apollo-operation-name": "x"}
    urls = {
        "a query twice": "/graphql?query=%7Bhello%7D&query=%7Bhello%7D",
        "variables that are no JSON": "/graphql?query=%7Bhello%7D&variables=%7B",
        "variables that are a list": "/graphql?query=%7Bhello%7D&variables=%5B%5D",
        "broken percent encoding": "/graphql?query=%ff%fe",
        "no query": "/graphql?a=1",
    }
    yield from attacks("url", "BAD_REQUEST", 400, {n: request("GET", p, headers=shown) for n, p in urls.items()})
    yield from attacks(
        "url",
        "BAD_REQUEST",
        405,
        {"a mutation": request("GET", MUTATION_IN_URL, headers=shown)},
    )
    paths = ("/graphql/", "/graphql/../metrics/x", "/GraphQL", "/admin", "/%2e%2e/etc/passwd", "/graphql%00")
    yield from attacks("path", None, (307, 404, 405), {path: request("POST", path, body=GOOD_BODY) for path in paths})


def _connections() -> Iterator[Attack]:
    """What no HTTP client writes. The connection may end without an answer, but not without end."""
    head = b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n"
    raws = {
        "not HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 200,
        "HTTP of the future": b"POST /graphql HTTP/9.9\r\nhost: a\r\n\r\n",
        "a bare line": b"hello\r\n\r\n",
        "two lengths": head + b"content-length: 5\r\ncontent-length: 50\r\n\r\n" + GOOD_BODY,
        "a length and chunks": head
        + b"content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
        "a negative length": head + b"content-length: -1\r\n\r\n",
        "a length of letters": head + b"content-length: ten\r\n\r\n",
        "a huge length": head + b"content-length: 99999999999999999999999999\r\n\r\n",
        "a chunk size of letters": head + b"transfer-encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
        "a huge chunk size": head + b"transfer-encoding: chunked\r\n\r\nffffffffffffffff1\r\nx",
        "a space before the colon": head.replace(b"host:", b"host :") + b"content-length: 0\r\n\r\n",
        "a folded header": head + b"x-a: 1\r\n  2\r\ncontent-length: 0\r\n\r\n",
        "a null byte in a header": head + b"x-a: \0\r\ncontent-length: 0\r\n\r\n",
        "an answer": b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
    }
    yield from attacks("connection", None, (0, 400, 405, 413, 415, 431, 501, 505), raws)


# ── what is too large ───────────────────────────────────────────────────────────────────────────────────────────────


def _sizes() -> Iterator[Attack]:
    padded = json.dumps({"query": QUERY, "variables": {"a": "x" * 1_100_000}}).encode()
    bomb = gzip.compress(b" " * 60_000_000)
    yield from attacks(
        "size",
        None,
        413,
        {
            "a body": posted(padded),
            "a length announced": request(headers={"content-length": "50000000"}),
            "gzip that unfolds": request(body=bomb, headers={"content-encoding": "gzip"}),
            "deflate that unfolds": request(
                body=zlib.compress(b" " * 60_000_000), headers={"content-encoding": "deflate"}
            ),
        },
    )
    yield from attacks(
        "encoding",
        None,
        (400, 415),
        {
            "not gzip": request(body=b"hello", headers={"content-encoding": "gzip"}),
            "half of it": request(body=gzip.compress(GOOD_BODY)[:20], headers={"content-encoding": "gzip"}),
            "one that nobody knows": request(body=GOOD_BODY, headers={"content-encoding": "zip"}),
            "gzip of gzip of gzip": request(body=bomb, headers={"content-encoding": "gzip, gzip, gzip"}),
        },
    )
    yield from attacks("url", None, 414, {"long": request("GET", "/graphql?query=" + "a" * 60_000)})
    yield from attacks(
        "headers",
        None,
        (0, 400, 431),
        {
            "many": request(body=GOOD_BODY, headers={f"x-{n}": "1" for n in range(500)}),
            "a long one": request(body=GOOD_BODY, headers={"x-a": "a" * 100_000}),
            "a long name": request(body=GOOD_BODY, headers={"x" * 100_000: "a"}),
        },
    )


def _nesting() -> Iterator[Attack]:
    deep = 50_000
    yield from attacks(
        "nesting",
        "BAD_REQUEST",
        400,
        {
            "of lists": posted(b'{"query":"{hello}","variables":{"a":' + b"[" * deep + b"]" * deep + b"}}"),
            "of objects": posted(b'{"query":"{hello}","variables":' + b'{"a":' * deep + b"1" + b"}" * deep + b"}"),
            "of lists that never end": posted(b"[" * 500_000),
        },
    )
    yield from attacks(
        "nesting",
        "GRAPHQL_PARSE_FAILED",
        (200, 400),
        {
            "of selections": asked("{ users " * 5_000),
            "of selections, closed": asked("{ a" * 3_000 + "}" * 3_000),
            "of list values": asked("{ hello(name: " + "[" * 5_000 + "]" * 5_000 + ") }"),
            "of object values": asked("{ hello(name: " + "{ a: " * 3_000 + "1" + "}" * 3_000 + ") }"),
            "of list types": asked("query($a: " + "[" * 5_000 + "Int" + "]" * 5_000 + ") { hello }"),
            "of inline fragments": asked("{" + "... { " * 5_000 + "hello" + " }" * 5_000 + "}"),
        },
    )
    links = NESTING_MAX + 10
    chain = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} }}" for n in range(links))
    levels = "{ posts { author { posts: id } } }"
    yield from attacks(
        "depth",
        "MAX_DEPTH_LIMIT",
        (200, 400),
        {
            "of fragments": asked(f"{{ ...F0 }} {chain} fragment F{links} on Query {{ hello }}"),
            "of fields": asked("{ a" * 60 + " { b } " + "}" * 60),
            "of fields in fragments": asked("{ ...F } fragment F on Query " + "{ a" * 60 + " { b } " + "}" * 60),
            "of an operation that is not asked for": posted(
                {"query": f"query A {levels} query B " + "{ a" * 60 + " { b } " + "}" * 60, "operationName": "A"}
            ),
        },
    )


def _floods() -> Iterator[Attack]:
    bomb = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(40))
    wide = " ".join(f"...F{n}" for n in range(300))
    flat = " ".join(f"fragment F{n} on User {{ id name }}" for n in range(300))
    yield from attacks(
        "flood",
        "MAX_FIELDS_LIMIT",
        (200, 400),
        {
            "fragments that double": asked(f"{{ ...F0 }} {bomb} fragment F40 on Query {{ hello }}"),
            "fragments that double, in aliases": asked(
                f"{{ a: ...F0 }} {bomb}".replace("a: ", "") + " fragment F40 on Query { x: hello }"
            ),
        },
    )
    yield from attacks(
        "flood",
        "MAX_OVERLAPS_LIMIT",
        (200, 400),
        {
            "a field": asked("{" + " hello" * 5_000 + "}"),
            "an object": asked("{" + " users { id }" * 1_000 + "}"),
            "objects in objects": asked("{" + " posts { author { id } }" * 700 + "}"),
            "one key of many fields": asked("{" + " ".join(f'a: hello(name: "{n}")' for n in range(1_000)) + "}"),
            "fragments": asked(f"{{ users {{ {wide} }} users {{ {wide} }} }} {flat}"),
        },
    )
    yield from attacks(
        "flood",
        "MAX_ROOT_FIELDS_LIMIT",
        (200, 400),
        {
            "aliases": asked("{" + " ".join(f"a{n}: hello" for n in range(900)) + "}"),
            "aliases in fragments": asked(
                "{ ...F } fragment F on Query {" + " ".join(f"a{n}: hello" for n in range(300)) + "}"
            ),
            "mutations": asked(
                "mutation {" + " ".join(f'a{n}: publish(title: "x") {{ id }}' for n in range(250)) + "}"
            ),
        },
    )
    yield from attacks(
        "flood",
        "MAX_ALIASES_LIMIT",
        (200, 400),
        {
            "below the root": asked("{ users {" + " ".join(f"a{n}: id" for n in range(1_500)) + "} }"),
            "by fragments": asked(
                "{ a: users { ...F } b: users { ...F } } fragment F on User {"
                + " ".join(f"a{n}: id" for n in range(600))
                + "}"
            ),
        },
    )
    yield from attacks(
        "flood",
        "MAX_DIRECTIVES_LIMIT",
        (200, 400),
        {
            "on a field": asked("{ hello " + "@skip(if: false) " * 1_500 + "}"),
            "unknown ones": asked("{ hello " + "@a " * 4_000 + "}"),
            "on fragments": asked("{" + "... @include(if: true) @skip(if: false) @a { hello } " * 180 + "}"),
        },
    )
    yield from attacks(
        "flood",
        "MAX_TOKENS_LIMIT",
        (200, 400),
        {
            "fields": asked("{" + " a" * 16_000 + "}"),
            "of an argument": asked("{ hello(name: [" + "1 " * 16_000 + "]) }"),
            "operations": asked("query A { hello } " * 4_000),
            "commas": asked("{ hello }" + " query B { a }" * 4_000),
        },
    )


# ── operations that are wrong ───────────────────────────────────────────────────────────────────────────────────────


def _operations() -> Iterator[Attack]:
    unparsable = {
        "nothing but a brace": "{",
        "a null byte": "{ hello\0 }",
        "an endless string": '{ hello(name: "',
        "an endless block string": '{ hello(name: """',
        "a comment": "# " + "x" * 100_000,
        "a bad escape": '{ hello(name: "\\x") }',
        "a type": "}{",
        "a huge number": "{ hello(name: 1" + "0" * 5_000 + "e }",
    }
    yield from attacks(
        "syntax", "GRAPHQL_PARSE_FAILED", (200, 400), {name: asked(text) for name, text in unparsable.items()}
    )
    invalid = {
        "a definition of a type": "type A { b: Int }",
        "an unknown field": "{ nope }",
        "a hidden field": "{ users { secret } }",
        "machinery": "{ _entities(representations: []) { __typename } }",
        "the service": "{ _service { sdl } }",
        "a fragment of itself": "{ ...F } fragment F on Query { ...F }",
        "fragments of each other": "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
        "a fragment that is missing": "{ ...Nowhere }",
        "a variable that is missing": "{ hello(name: $n) }",
        "variables that nobody uses": "query(" + " ".join(f"$v{n}: Int" for n in range(2_000)) + ") { hello }",
        "an unknown argument": "{ hello(nam: 1) }",
        "a number for a text": "{ hello(name: 1) }",
        "no selection": "{ users }",
        "a selection of a leaf": "{ hello { a } }",
        "one key for two fields": '{ a: hello a: hello(name: "x") }',
        "an unknown directive": "{ hello @nope }",
        "a unique operation twice": "query A { hello } query A { hello }",
        "two subscriptions in one": "subscription { count(to: 1) published { id } }",
    }
    yield from attacks(
        "validation", "GRAPHQL_VALIDATION_FAILED", (200, 400), {name: asked(text) for name, text in invalid.items()}
    )
    unclear: dict[str, Any] = {
        "no operation": {"query": "fragment F on Query { hello }"},
        "two operations": {"query": "query A { hello } query B { hello }"},
        "another name": {"query": "query A { hello }", "operationName": "B"},
    }
    yield from attacks("choice", None, (200, 400), {name: posted(body) for name, body in unclear.items()})


def _variables() -> Iterator[Attack]:
    query = "query($n: Int!, $s: String) { posts(first: $n) { id } hello(name: $s) }"
    odd: dict[str, Any] = {
        "missing": {},
        "null": {"n": None},
        "a text": {"n": "1"},
        "a fraction": {"n": 1.5},
        "too large": {"n": 2**31},
        "enormous": {"n": 10**4_000},
        "a list": {"n": [1]},
        "an object": {"n": {"a": 1}},
        "true": {"n": True},
        "an object for a text": {"n": 1, "s": {"__proto__": {"a": 1}}},
        "a list for a text": {"n": 1, "s": ["x"] * 10_000},
    }
    yield from attacks("variable", None, (200, 400), {name: asked(query, value) for name, value in odd.items()})


# ── forged ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _tokens() -> Iterator[Attack]:
    # A header of HTTP cannot carry a line break, and one of 100 kB goes no further than the server.
    unfit = {"a line break", "100 kB", "100 kB of dots"}
    tokens = {name: make() for name, (make, _) in TOKENS.items() if name not in unfit}
    yield from attacks(
        "token",
        "UNAUTHENTICATED",
        401,
        {name: asked("{ me { id } }", authorization=f"Bearer {token}") for name, token in tokens.items()},
    )
    schemes = (
        "Basic YTpi",
        "Bearer",
        "Bearer  ",
        "Bearer a b",
        "bearer",
        "Token abc",
        "Bearer\tx.y.z a",
        '"',
        "Bearer " + "a" * 9_000,
    )
    yield from attacks("scheme", None, (401, 400), {s[:20]: asked(QUERY, authorization=s) for s in schemes})


def _forgeries() -> Iterator[Attack]:
    elsewhere = {"origin": "https://evil.test", "sec-fetch-site": "cross-site"}
    simple = {
        "a form": request(body=b"query={hello}", headers={"content-type": "application/x-www-form-urlencoded"}),
        "a multipart form": request(body=b"--x--", headers={"content-type": "multipart/form-data; boundary=x"}),
        "text": request(body=GOOD_BODY, headers={"content-type": "text/plain"}),
        "text with JSON in its parameters": request(
            body=GOOD_BODY, headers={"content-type": "text/plain; application/json"}
        ),
        "no type": request(body=GOOD_BODY, headers={"content-type": ""}),
        "an image": request("GET", "/graphql?query=%7Bhello%7D", headers={"content-type": "", "accept": "image/*,*/*"}),
        "a link": request("GET", "/graphql?query=%7Bhello%7D", headers={"content-type": ""}),
        "a link to a mutation": request("GET", MUTATION_IN_URL, headers={"content-type": ""}),
        "a link by name": request("GET", "/graphql?extensions=%7B%7D", headers={"content-type": "text/plain"}),
        "from another site": request(
            body=GOOD_BODY,
            headers={"content-type": "text/plain", **elsewhere},
        ),
        "a JSON type without a slash": request(body=GOOD_BODY, headers={"content-type": "json"}),
        "an empty header": request(
            "GET", "/graphql?query=%7Bhello%7D", headers={"content-type": "", "x-apollo-operation-name": " "}
        ),
    }
    yield from attacks("csrf", "CSRF_PREVENTION_FAILED", (400, 403), simple)


def _names() -> Iterator[Attack]:
    other = sha256(b"{ another }").hexdigest()

    def named(**extension: Any) -> dict[str, Any]:
        return {"persistedQuery": {"version": 1, **extension}}

    yield from attacks(
        "persisted",
        "PERSISTED_QUERY_NOT_FOUND",
        (200, 400, 404),
        {"unknown": posted({"extensions": named(sha256Hash=other)})},
    )
    yield from attacks(
        "persisted",
        None,
        (400,),
        {
            "another text": posted({"query": QUERY, "extensions": named(sha256Hash=other)}),
            "another version": posted(
                {"query": QUERY, "extensions": {"persistedQuery": {"version": 2, "sha256Hash": other}}}
            ),
            "a hash that is none": posted({"query": QUERY, "extensions": named(sha256Hash="../../etc/passwd")}),
            "a hash that is a list": posted({"query": QUERY, "extensions": named(sha256Hash=[other])}),
            "no hash": posted({"query": QUERY, "extensions": named()}),
            "a list": posted({"query": QUERY, "extensions": {"persistedQuery": []}}),
        },
    )


def _streams() -> Iterator[Attack]:
    yield from attacks(
        "stream",
        "SUBSCRIPTION_BAD_HEADER",
        406,
        {"a subscription for one answer": asked("subscription { count(to: 1) }")},
    )
    yield from attacks(
        "stream",
        "DEFER_BAD_HEADER",
        406,
        {"parts for one answer": asked("{ ... @defer { hello } }")},
    )
    upgrade = {"upgrade": "websocket", "connection": "Upgrade, close", "sec-websocket-version": "13"}
    yield from attacks(
        "socket",
        None,
        (0, 400, 403, 404, 405, 406, 415, 426),
        {
            "without a key": request("GET", headers={**upgrade, "content-type": ""}),
            "of another version": request(
                "GET", headers={**upgrade, "sec-websocket-key": "YWJj", "sec-websocket-version": "7"}
            ),
            "by POST": request("POST", body=GOOD_BODY, headers={**upgrade, "content-type": "text/csv"}),
        },
    )
