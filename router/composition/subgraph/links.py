"""Reading what a subgraph links: the applications of @link, by whatever name, on the schema and its extensions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graphql import (
    DirectiveDefinitionNode,
    DirectiveNode,
    DocumentNode,
    EnumValueNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    StringValueNode,
    ValueNode,
    print_ast,
)

from router.composition.model.links import Links
from router.composition.model.outcome import Place
from router.composition.model.report import Report, place_of
from router.composition.rules import (
    invalid_link_directive_usage,
    invalid_link_identifier,
    unknown_federation_link_version,
    unknown_link_version,
)
from router.composition.spec.link import (
    CORE,
    DEFAULT_LINK,
    FEDERATION,
    LINK,
    Feature,
    LinkSyntaxError,
    parse_feature_url,
)
from router.composition.subgraph.imports import ImportSyntaxError, read_imports

_OWN_NAMES = {LINK: "link", CORE: "core"}


def read_links(document: DocumentNode, *, subgraph: str, report: Report) -> Links:
    """Read every link; those that are not well formed, or do not fit the others, are reported and left out."""
    applications = _schema_directives(document)
    defined = {node.name.value: node for node in document.definitions if isinstance(node, DirectiveDefinitionNode)}
    bootstrap = _find_bootstrap(applications, defined)
    if bootstrap is None:
        return _read_unbootstrapped(applications, subgraph=subgraph, report=report)
    reader = _Reader(subgraph, report, "url" if "url" in _arguments(bootstrap) else "feature")
    core = reader.read(bootstrap)
    place = place_of(bootstrap, subgraph=subgraph)
    if core is None or not unknown_link_version.check(core.url, report, subgraph=subgraph, place=place):
        return Links({})
    name = bootstrap.name.value
    for application in applications:
        if application.name.value == name and application is not bootstrap:
            reader.read(application)
    return Links(reader.features, name, core, defines_link=name in defined, places=reader.places)


def _read_unbootstrapped(applications: Sequence[DirectiveNode], *, subgraph: str, report: Report) -> Links:
    """A link to federation says that @link is the one meant here; without it the schema is one of federation 1."""
    if not any(_links_federation(application) for application in applications):
        return Links({})
    reader = _Reader(subgraph, report, "url")
    for application in applications:
        if application.name.value == "link":
            reader.read(application)
    return Links(reader.features, core=reader.features.get(LINK, DEFAULT_LINK), places=reader.places)


def _schema_directives(document: DocumentNode) -> list[DirectiveNode]:
    """The directives of the schema definition, then those of its extensions."""
    nodes = [node for node in document.definitions if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode)]
    nodes.sort(key=lambda node: isinstance(node, SchemaExtensionNode))
    return [directive for node in nodes for directive in node.directives or ()]


def _find_bootstrap(
    applications: Sequence[DirectiveNode], defined: Mapping[str, DirectiveDefinitionNode]
) -> DirectiveNode | None:
    """The application by which the link or core specification links itself: `@l(url: "…/link/v1.0", as: "l")`.

    A schema that calls the directive anything else than @link defines it too.
    """
    for application in applications:
        arguments, name = _arguments(application), application.name.value
        text = _string(arguments.get("url")) or _string(arguments.get("feature")) or ""
        own_name = next((own for identity, own in _OWN_NAMES.items() if text.startswith(f"{identity}/")), None)
        if own_name is None or name != (_string(arguments.get("as")) or own_name):
            continue
        if _is_a_link(defined[name]) if name in defined else name == own_name == "link":
            return application
    return None


def _is_a_link(definition: DirectiveDefinitionNode) -> bool:
    """Whether a schema's own definition can be one of @link or @core: other than that it may say what it likes."""
    types = {argument.name.value: print_ast(argument.type) for argument in definition.arguments or ()}
    return (
        definition.repeatable
        and [location.value for location in definition.locations] == ["SCHEMA"]
        and types.get("as", "String") == "String"
        and types.get("url", types.get("feature")) in ("String", "String!")
    )


def _links_federation(application: DirectiveNode) -> bool:
    url = _string(_arguments(application).get("url"))
    return application.name.value == "link" and url is not None and url.startswith(FEDERATION)


@dataclass(slots=True)
class _Reader:
    """Reads one application of @link after the other; `features` are those so far."""

    subgraph: str
    report: Report
    url_argument: str
    features: dict[str, Feature] = field(default_factory=dict)
    places: dict[str, Place | None] = field(default_factory=dict)

    def read(self, application: DirectiveNode) -> Feature | None:
        place = place_of(application, subgraph=self.subgraph)
        feature = self._feature(application, place)
        if feature is None:
            return None
        fits = unknown_federation_link_version.check(feature.url, self.report, subgraph=self.subgraph, place=place)
        fits &= invalid_link_directive_usage.check(
            feature, self.features.values(), self.report, subgraph=self.subgraph, place=place
        )
        if not fits:
            return None
        self.features[feature.url.identity] = feature
        self.places[feature.url.identity] = place
        return feature

    def _feature(self, application: DirectiveNode, place: Place | None) -> Feature | None:
        arguments = _arguments(application)
        text = _string(arguments.get(self.url_argument))
        if text is None:
            self._misuse(f'the argument "{self.url_argument}" is missing or not a string', place)
            return None
        try:
            url = parse_feature_url(text)
        except LinkSyntaxError as error:
            invalid_link_identifier.report(str(error), self.report, subgraph=self.subgraph, place=place)
            return None
        try:
            imports = read_imports(arguments.get("import"))
        except ImportSyntaxError as error:
            for problem in error.problems:
                self._misuse(problem, place)
            return None
        prefix = _string(arguments.get("as"))
        purpose = arguments.get("for")
        return Feature(
            url,
            url.name if prefix is None else prefix,
            imports,
            purpose.value if isinstance(purpose, EnumValueNode) else None,
        )

    def _misuse(self, problem: str, place: Place | None) -> None:
        invalid_link_directive_usage.report(problem, self.report, subgraph=self.subgraph, place=place)


def _arguments(application: DirectiveNode) -> Mapping[str, ValueNode]:
    return {argument.name.value: argument.value for argument in application.arguments or ()}


def _string(value: ValueNode | None) -> str | None:
    return value.value if isinstance(value, StringValueNode) else None
