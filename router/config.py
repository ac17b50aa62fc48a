"""The router's settings: one YAML file, environment references expanded, every key known. Wrong input is a `ConfigError`."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args, get_origin

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from router import limits
from router.errors import ConfigError

# Only asymmetric ones: a router holds no secret with which tokens could be made, and mixing HMAC with public keys is how
# public keys come to be used as HMAC secrets (RFC 8725, section 2.1). EdDSA means Ed25519.
Algorithm = Literal["EdDSA", "ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]

_REFERENCE: Final = re.compile(r"\$\{(?P<source>\w+)\.(?P<name>\w+)(?::-(?P<default>[^}]*))?\}")


def _web_address(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError(f'must start with http:// or https://, unlike "{url}"')
    return url


WebAddress = Annotated[str, AfterValidator(_web_address)]


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Listen(_Settings):
    """Where the router listens."""

    host: str = "127.0.0.1"
    port: int = Field(default=4000, ge=0, le=65535)


class SubgraphSettings(_Settings):
    """What is set for one subgraph; `url` takes the place of the supergraph's routing URL."""

    url: WebAddress


class Issuer(_Settings):
    """Who may sign access tokens: the `iss` claim, where its public keys are, and what else its tokens must say.

    Without `audiences`, the `aud` claim is not looked at.
    """

    issuer: str = Field(min_length=1)
    jwks_url: WebAddress | None = None
    jwks_file: Path | None = None
    audiences: tuple[str, ...] = ()
    algorithms: tuple[Algorithm, ...] = Field(default=("EdDSA", "ES256", "RS256"), min_length=1)

    @field_validator("jwks_file")
    @classmethod
    def _beside_the_config_file(cls, path: Path | None, info: ValidationInfo) -> Path | None:
        return path and _beside(path, info)

    @model_validator(mode="after")
    def _one_source_of_keys(self) -> Issuer:
        if (self.jwks_url is None) == (self.jwks_file is None):
            raise ValueError("needs either jwks_url or jwks_file")
        return self


class JwtSettings(_Settings):
    """How access tokens are verified; clocks may differ by `leeway_s` seconds."""

    issuers: tuple[Issuer, ...] = Field(min_length=1)
    leeway_s: float = Field(default=30.0, ge=0, le=300)

    @model_validator(mode="after")
    def _issuers_are_distinct(self) -> JwtSettings:
        if len({issuer.issuer for issuer in self.issuers}) != len(self.issuers):
            raise ValueError("names an issuer twice")
        return self


class Cors(_Settings):
    """Which web origins may call the router from a browser; `*` is every one."""

    origins: tuple[str, ...] = Field(min_length=1)
    max_age_s: int = Field(default=600, ge=0)


class Timeouts(_Settings):
    """How long, in seconds, the router waits: for a subgraph, for a socket's first message, for requests at shutdown."""

    subgraph_s: float = Field(default=limits.SUBGRAPH_TIMEOUT_S, gt=0)
    connection_init_s: float = Field(default=limits.CONNECTION_INIT_TIMEOUT_S, gt=0)
    shutdown_s: float = Field(default=limits.SHUTDOWN_GRACE_S, ge=0)


class Traffic(_Settings):
    """What is asked once where several ask it at one time: queries to subgraphs, and whole queries of clients.

    Only what is equal in text, variables and forwarded headers is shared, and never a mutation; no answer is kept.
    `compressed_answers` lets subgraphs compress what they answer; `ca_file` holds authorities (PEM) that may vouch for
    subgraphs by https, besides those of the system.
    """

    dedupe_subgraph_requests: bool = True
    dedupe_client_requests: bool = False
    compressed_answers: bool = False
    ca_file: Path | None = None

    @field_validator("ca_file")
    @classmethod
    def _beside_the_config_file(cls, path: Path | None, info: ValidationInfo) -> Path | None:
        return path and _beside(path, info)


class RouterConfig(_Settings):
    """Everything that can be set. The defaults make a plain federation router, where every caller is anonymous.

    `forward_headers` (lower case) are copied from the client's request to every subgraph request. `override_labels` are the
    labels of @override that are true; `percent(n)` labels are rolled for each request and need not be named.
    """

    supergraph: Path | None = None
    listen: Listen = Listen()
    subgraphs: Mapping[str, SubgraphSettings] = Field(default_factory=dict)
    jwt: JwtSettings | None = None
    forward_headers: tuple[str, ...] = ("authorization", "x-request-id")
    cors: Cors | None = None
    timeouts: Timeouts = Timeouts()
    traffic: Traffic = Traffic()
    override_labels: tuple[str, ...] = ()

    @field_validator("supergraph")
    @classmethod
    def _beside_the_config_file(cls, path: Path | None, info: ValidationInfo) -> Path | None:
        return path and _beside(path, info)

    @field_validator("forward_headers")
    @classmethod
    def _lower_case(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name.lower() for name in names)


def load_config(path: Path, environment: Mapping[str, str] | None = None) -> RouterConfig:
    """Read the YAML file at `path`, expanding `${env.NAME}` and `${env.NAME:-default}` inside its strings.

    Relative paths in the file are taken from its own folder.

    Raises:
        ConfigError: the file is missing or not YAML, a variable is not set, a key is unknown or a value breaks its rule.
    """
    settings = expand(_read_yaml(path), os.environ if environment is None else environment, where=path.name)
    try:
        return RouterConfig.model_validate(settings, context={"folder": path.parent})
    except ValidationError as error:
        raise ConfigError(f"{path.name}: {_sentence(error)}") from None


def expand(value: Any, environment: Mapping[str, str], *, where: str) -> Any:
    """Replace the references in every string of a parsed YAML tree.

    It works on parsed values, so that what a variable holds can never become YAML.
    """
    if isinstance(value, dict):
        return {key: expand(item, environment, where=where) for key, item in value.items()}
    if isinstance(value, list):
        return [expand(item, environment, where=where) for item in value]
    if not isinstance(value, str):
        return value
    return _REFERENCE.sub(lambda reference: _resolve(reference, environment, where), value)


def nearest(name: str, known: Iterable[str]) -> str:
    """` (did you mean "x"?)`, or nothing where no known name comes close."""
    close = difflib.get_close_matches(name, list(known), n=1)
    return f' (did you mean "{close[0]}"?)' if close else ""


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"The configuration file {path} does not exist.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The configuration file {path} cannot be read: {error}.") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{path.name} is not valid YAML: {_one_line(error)}.") from None
    if tree is None:
        return {}
    if not isinstance(tree, dict):
        raise ConfigError(
            f"{path.name} must hold a mapping of settings such as `supergraph: schema/supergraph.graphql`."
        )
    return tree


def _one_line(error: yaml.YAMLError) -> str:
    return " ".join(str(error).replace('in "<unicode string>", ', "at ").split())


def _resolve(reference: re.Match[str], environment: Mapping[str, str], where: str) -> str:
    source, name, default = reference["source"], reference["name"], reference["default"]
    if source != "env":
        raise ConfigError(f"{where}: {reference[0]} names the unknown source {source!r}; write ${{env.{name}}}.")
    # As in a shell, `:-` also stands in for a variable that is set to nothing.
    value = environment.get(name) or default
    if value is None:
        raise ConfigError(
            f"{where}: the environment variable {name} is not set; set it or give a default as ${{env.{name}:-value}}."
        )
    return value


def _beside(path: Path, info: ValidationInfo) -> Path:
    return Path((info.context or {}).get("folder", "")) / path.expanduser()


def _sentence(error: ValidationError) -> str:
    # An unknown key comes first: it is often the misspelling of the one reported missing.
    first = min(error.errors(include_url=False), key=lambda found: found["type"] != "extra_forbidden")
    where = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        known = sorted(_settings_at(first["loc"][:-1]).model_fields)
        meant = nearest(str(first["loc"][-1]), known)
        return f'unknown key "{where}"{meant}; the keys known here are {", ".join(known)}.'
    rule = first["msg"].removeprefix("Value error, ")
    return f'the key "{where}" is wrong: {rule[:1].lower()}{rule[1:]}.' if where else f"{rule}."


def _settings_at(location: tuple[int | str, ...]) -> type[BaseModel]:
    """The settings class at a location such as `("jwt", "issuers", 0)`: field names, each followed by its index or key."""
    settings: type[BaseModel] = RouterConfig
    parts = iter(location)
    for name in parts:
        annotation = settings.model_fields[str(name)].annotation
        if get_origin(annotation) in (tuple, Mapping):
            next(parts, None)
        settings = _settings_inside(annotation)
    return settings


def _settings_inside(annotation: Any) -> type[BaseModel]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(_settings_inside(inside) for inside in get_args(annotation) if inside not in (str, type(None)))
