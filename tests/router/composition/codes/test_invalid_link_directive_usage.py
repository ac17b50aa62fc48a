"""INVALID_LINK_DIRECTIVE_USAGE: a @link is well formed, imports what exists, and gives no name that means something else."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

FEDERATION = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@composeDirective"])'
)


def linking(*links: str, body: str = "type Query { a: Int }") -> str:
    """A schema that links more than federation, each link on a line of its own, from line 2."""
    return "\n".join((FEDERATION, *links, body))


CASES = (
    rejected(
        "an import of federation that does not exist",
        "INVALID_LINK_DIRECTIVE_USAGE",
        says=['cannot import "@kei": federation v2.12 has no such element (did you mean "@key"?)'],
        places=["a:1"],
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@kei"])
type Query { a: Int }""",
    ),
    rejected(
        "an import that a later version has",
        "INVALID_LINK_DIRECTIVE_USAGE",
        says=["federation v2.3 has no such element yet: link v2.9"],
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@cost"])
type Query { a: Int }""",
    ),
    rejected(
        "an import without @",
        "INVALID_LINK_DIRECTIVE_USAGE",
        says=['did you mean the directive "@key"?'],
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["key"])
type Query { a: Int }""",
    ),
    rejected(
        "an import of another known specification that does not exist",
        "INVALID_LINK_DIRECTIVE_USAGE",
        a=linking('@link(url: "https://specs.apollo.dev/tag/v0.3", as: "t", import: ["@tags"])'),
    ),
    rejected(
        "imports that are no list",
        "INVALID_LINK_DIRECTIVE_USAGE",
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: "@key")
type Query { a: Int }""",
    ),
    rejected(
        "an import that is neither name nor object",
        "INVALID_LINK_DIRECTIVE_USAGE",
        a=linking('@link(url: "https://x.test/foo/v1.0", import: [3])'),
    ),
    rejected(
        "an import object with another field",
        "INVALID_LINK_DIRECTIVE_USAGE",
        says=['"of" is no part of it'],
        a=linking('@link(url: "https://x.test/foo/v1.0", import: [{name: "@foo", of: "x"}])'),
    ),
    rejected(
        "an import object without name",
        "INVALID_LINK_DIRECTIVE_USAGE",
        says=['it has no "name"'],
        a=linking('@link(url: "https://x.test/foo/v1.0", import: [{as: "@foo"}])'),
    ),
    rejected(
        "an import object whose name is none",
        "INVALID_LINK_DIRECTIVE_USAGE",
        a=linking('@link(url: "https://x.test/foo/v1.0", import: [{name: "@a-b"}])'),
    ),
    rejected(
        "a null alias",
        "INVALID_LINK_DIRECTIVE_USAGE",
        a=linking('@link(url: "https://x.test/foo/v1.0", import: [{name: "@foo", as: null}])'),
    ),
    rejected(
        "an alias that drops the @",
        "INVALID_LINK_DIRECTIVE_USAGE",
        says=['must have "@" on both names or on neither'],
        a=linking('@link(url: "https://x.test/foo/v1.0", import: [{name: "@foo", as: "foo"}])'),
    ),
    rejected(
        "one element under two names",
        "INVALID_LINK_DIRECTIVE_USAGE",
        a=linking('@link(url: "https://x.test/foo/v1.0", import: ["@foo", {name: "@foo", as: "@bar"}])'),
    ),
    rejected(
        "two elements under one name",
        "INVALID_LINK_DIRECTIVE_USAGE",
        says=['"@a" and "@b" are both imported as "@c"'],
        a=linking('@link(url: "https://x.test/foo/v1.0", import: [{name: "@a", as: "@c"}, {name: "@b", as: "@c"}])'),
    ),
    rejected(
        "a feature linked twice",
        "INVALID_LINK_DIRECTIVE_USAGE",
        says=['the feature "https://specs.apollo.dev/federation" is linked twice'],
        places=["a:2"],
        a=linking('@link(url: "https://specs.apollo.dev/federation/v2.4", as: "f")'),
    ),
    rejected(
        "two features under one prefix",
        "INVALID_LINK_DIRECTIVE_USAGE",
        says=['both go by "foo"'],
        places=["a:3"],
        a=linking('@link(url: "https://x.test/foo/v1.0")', '@link(url: "https://y.test/foo/v1.0")'),
    ),
    rejected(
        "two imports of different features under one name",
        "INVALID_LINK_DIRECTIVE_USAGE",
        says=['"@z" is imported from both "https://x.test/foo" and "https://y.test/bar"'],
        places=["a:3"],
        a=linking(
            '@link(url: "https://x.test/foo/v1.0", import: ["@z"])',
            '@link(url: "https://y.test/bar/v1.0", import: ["@z"])',
        ),
    ),
    rejected(
        "an import with the prefix of another feature",
        "INVALID_LINK_DIRECTIVE_USAGE",
        a=linking('@link(url: "https://x.test/foo/v1.0", import: [{name: "@z", as: "@federation__z"}])'),
    ),
    rejected(
        "an import named like a later feature",
        "INVALID_LINK_DIRECTIVE_USAGE",
        places=["a:3"],
        a=linking('@link(url: "https://x.test/foo/v1.0", import: ["@bar"])', '@link(url: "https://y.test/bar/v1.0")'),
    ),
    rejected(
        "an import named like another element of its feature",
        "INVALID_LINK_DIRECTIVE_USAGE",
        says=['which is how "@b" is called'],
        a=linking('@link(url: "https://x.test/foo/v1.0", import: [{name: "@a", as: "@foo__b"}])'),
    ),
    rejected(
        "a prefix with two underscores, and one that ends in one",
        "INVALID_LINK_DIRECTIVE_USAGE",
        says=['contains "__"', 'ends in "_"'],
        places=["a:2", "a:3"],
        a=linking(
            '@link(url: "https://x.test/foo/v1.0", as: "a__b")', '@link(url: "https://y.test/foo/v1.0", as: "b_")'
        ),
    ),
    rejected(
        "a prefix that is no name",
        "INVALID_LINK_DIRECTIVE_USAGE",
        a=linking('@link(url: "https://x.test/foo/v1.0", as: "1a")'),
    ),
    rejected(
        "tag beside that of federation",
        "INVALID_LINK_DIRECTIVE_USAGE",
        says=['import "@tag" from federation and remove the other link'],
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@tag"])
@link(url: "https://specs.apollo.dev/tag/v0.3")
type Query { a: Int }""",
    ),
    rejected(
        "a definition that an import makes unreachable",
        "INVALID_LINK_DIRECTIVE_USAGE",
        at=["@foo__z"],
        says=['"@foo__z" stands for what "https://x.test/foo" imports as "@z"'],
        places=["a:3"],
        a=linking(
            '@link(url: "https://x.test/foo/v1.0", import: ["@z"])',
            "directive @foo__z on OBJECT",
            body="type Query @foo__z { a: Int }",
        ),
    ),
    rejected(
        "a type that an import makes unreachable",
        "INVALID_LINK_DIRECTIVE_USAGE",
        at=["foo__Z"],
        a=linking(
            '@link(url: "https://x.test/foo/v1.0", import: [{name: "Z", as: "Zed"}])',
            "scalar foo__Z",
            body="type Query { a: foo__Z }",
        ),
    ),
    composed(
        "an unreachable definition that nothing uses",
        a=linking('@link(url: "https://x.test/foo/v1.0", import: ["@z"])', "directive @foo__z on OBJECT"),
    ),
    composed(
        "an import under the name that its prefix gives it, and one said twice",
        a=linking('@link(url: "https://x.test/foo/v1.0", import: [{name: "@z", as: "@foo__z"}, "@y", "@y"])'),
    ),
    composed(
        "no imports",
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: null)
type Query { a: Int }""",
    ),
)


@each(CASES)
def test_invalid_link_directive_usage(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("INVALID_LINK_DIRECTIVE_USAGE", case)
