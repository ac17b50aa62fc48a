"""What every section of the settings is made of: no key but those declared, no change after reading."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Self, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationInfo, model_validator


class Settings(BaseModel):
    """A mapping of the YAML file; an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    @model_validator(mode="before")
    @classmethod
    def _no_section_is_empty(cls, given: Any, info: ValidationInfo) -> Any:
        """In a file, a section without a word below it would be one that is not there: the opposite of what was meant."""
        if info.context is not None and isinstance(given, dict):
            for key, value in given.items():
                if value is None and key in cls.model_fields and _is_section(cls.model_fields[key].annotation):
                    raise ValueError(f'"{key}" is empty: write {key}: {{}} for its defaults, or leave it out')
        return given

    def but(self, own: Self | None) -> Self:
        """These, with the keys that `own` sets in place of theirs."""
        if own is None:
            return self
        return self.model_copy(update={name: getattr(own, name) for name in own.model_fields_set})


def _is_section(annotation: Any) -> bool:
    kinds = get_args(annotation) or (annotation,)
    return any(isinstance(kind, type) and issubclass(kind, Settings) for kind in kinds)


def _web_address(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError(f'must start with http:// or https://, unlike "{_shown(url)}"')
    return url


def _shown(url: str) -> str:
    """As much of it as is no secret: what stands before an @ may be a password."""
    return url.rpartition("@")[2]


def _beside_the_config_file(path: Path, info: ValidationInfo) -> Path:
    return Path((info.context or {}).get("folder", "")) / path.expanduser()


WebAddress = Annotated[str, AfterValidator(_web_address)]

FilePath = Annotated[Path, AfterValidator(_beside_the_config_file)]
"""A file; a relative path is taken from the folder of the configuration file, where there is one."""
