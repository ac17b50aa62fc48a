"""What a subgraph links: features by identity, and the canonical name behind every directive name of its SDL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from graphql import (
    DirectiveNode,
    DocumentNode,
    ListValueNode,
    ObjectValueNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    StringValueNode,
    ValueNode,
)

from router.composition.codes import Code
from router.composition.report import Report, place_of
from router.composition.spec import federation
from router.composition.spec.features import COMPOSED_FEATURES
from router.composition.spec.link import (
    FEDERATION,
    LINK,
    Feature,
    LinkSyntaxError,
    Version,
    check_prefix,
    parse_feature_url,
)

_LINK_VERSION = Version(1, 0)


@dataclass(frozen=True, slots=True)
class Links:
    """The linked features by identity. `link_name` is what the @link directive itself is called."""

    features: Mapping[str, Feature]
    link_name: str = "link"

    @property
    def federation(self) -> Feature | None:
        return self.features.get(FEDERATION)

    def canonical_directives(self) -> dict[str, str]:
        """Names as the SDL has them → canonical names, for every directive that composition understands."""
        names: dict[str, str] = {}
        feature = self.federation
        if feature is not None:
            for directive in federation.directives(feature.url.version):
                names[feature.directive_name(directive.name)] = directive.name
        for composed in COMPOSED_FEATURES:
            linked = self.features.get(composed.url.rsplit("/", 1)[0])
            if linked is not None:
                names |= {linked.directive_name(name): name for name in composed.directives}
        return names


def read_links(document: DocumentNode, *, subgraph: str, report: Report) -> Links:
    """Read every @link of the document's schema definition and extensions; malformed ones are reported and left out."""
    applications = [
        directive
        for node in document.definitions
        if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode)
        for directive in node.directives or ()
    ]
    link_name = _bootstrap_name(applications)
    features: dict[str, Feature] = {}
    for application in applications:
        if application.name.value != link_name:
            continue
        feature = _read_link(application, subgraph=subgraph, report=report)
        if feature is None:
            continue
        if feature.url.identity in features:
            _misuse(report, application, subgraph, f'the feature "{feature.url.identity}" is linked twice')
            continue
        features[feature.url.identity] = feature
    return Links(features, link_name)


def _bootstrap_name(applications: Sequence[DirectiveNode]) -> str:
    """The link specification links itself, possibly under another name: `@l(url: "…/link/v1.0", as: "l")`."""
    for application in applications:
        arguments = _arguments(application)
        url = _string(arguments.get("url"))
        if url is None or not url.startswith(f"{LINK}/"):
            continue
        if application.name.value == (_string(arguments.get("as")) or "link"):
            return application.name.value
    return "link"


def _read_link(application: DirectiveNode, *, subgraph: str, report: Report) -> Feature | None:
    arguments = _arguments(application)
    url_text = _string(arguments.get("url"))
    if url_text is None:
        _misuse(report, application, subgraph, 'the argument "url" is missing or not a string')
        return None
    try:
        url = parse_feature_url(url_text)
        prefix = _string(arguments.get("as")) or url.name
        check_prefix(prefix)
    except LinkSyntaxError as error:
        place = place_of(application, subgraph=subgraph)
        report.error(Code.INVALID_LINK_IDENTIFIER, f"[{subgraph}] @link: {error}.", places=[place])
        return None
    imports: dict[str, str] = {}
    for entry in _import_entries(arguments.get("import")):
        problem = _add_import(imports, entry)
        if problem:
            _misuse(report, application, subgraph, problem)
    feature = Feature(url, prefix, imports)
    known = _check_version(feature, application, subgraph=subgraph, report=report)
    if known and url.identity == FEDERATION:
        _check_federation_imports(feature, application, subgraph=subgraph, report=report)
    return feature if known else None


def _import_entries(value: ValueNode | None) -> Iterator[ValueNode]:
    if isinstance(value, ListValueNode):
        yield from value.values
    elif value is not None:
        yield value


def _add_import(imports: dict[str, str], entry: ValueNode) -> str | None:
    """Add one entry of an import list; the sentence says what is wrong with it, if anything."""
    if isinstance(entry, StringValueNode):
        element = local = entry.value
    elif isinstance(entry, ObjectValueNode):
        fields = {field.name.value: _string(field.value) for field in entry.fields}
        if not fields.get("name") or fields.keys() - {"name", "as"}:
            return 'an import is either a string or `{ name: "@element", as: "@alias" }`'
        element = fields["name"] or ""
        local = fields.get("as") or element
    else:
        return 'an import is either a string or `{ name: "@element", as: "@alias" }`'
    if element.startswith("@") != local.startswith("@"):
        return f'the import of "{element}" as "{local}" must have "@" on both names or on neither'
    if element in imports:
        return f'"{element}" is imported twice'
    imports[element] = local
    return None


def _check_version(feature: Feature, application: DirectiveNode, *, subgraph: str, report: Report) -> bool:
    url, place = feature.url, place_of(application, subgraph=subgraph)
    if url.identity == FEDERATION and not federation.is_known(url.version):
        report.error(
            Code.UNKNOWN_FEDERATION_LINK_VERSION,
            f"[{subgraph}] There is no federation {url.version} here: link one from {federation.OLDEST} to {federation.NEWEST}.",
            places=[place],
        )
        return False
    if url.identity == LINK and url.version != _LINK_VERSION:
        report.error(
            Code.UNKNOWN_LINK_VERSION,
            f"[{subgraph}] There is no link specification {url.version} here: use {_LINK_VERSION}.",
            places=[place],
        )
        return False
    return True


def _check_federation_imports(feature: Feature, application: DirectiveNode, *, subgraph: str, report: Report) -> None:
    version = feature.url.version
    known = {f"@{directive.name}" for directive in federation.directives(version)}
    known |= {type_.name for type_ in federation.types(version)}
    for element in feature.imports:
        if element in known:
            continue
        later = element.startswith("@") and element[1:] in federation.DIRECTIVE_NAMES
        way_out = " (a later version has it)" if later else ""
        if f"@{element}" in known:
            way_out = f' (did you mean "@{element}"?)'
        _misuse(
            report,
            application,
            subgraph,
            f'cannot import "{element}": federation {version} has no such element{way_out}',
        )


def _misuse(report: Report, application: DirectiveNode, subgraph: str, problem: str) -> None:
    place = place_of(application, subgraph=subgraph)
    report.error(Code.INVALID_LINK_DIRECTIVE_USAGE, f"[{subgraph}] @link: {problem}.", places=[place])


def _arguments(application: DirectiveNode) -> dict[str, ValueNode]:
    return {argument.name.value: argument.value for argument in application.arguments or ()}


def _string(value: ValueNode | None) -> str | None:
    return value.value if isinstance(value, StringValueNode) else None
