"""What every section of the settings is made of: no key but those declared, no change after reading."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationInfo


class Settings(BaseModel):
    """A mapping of the YAML file; an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    def but(self, own: Self | None) -> Self:
        """These, with the keys that `own` sets in place of theirs."""
        if own is None:
            return self
        return self.model_copy(update={name: getattr(own, name) for name in own.model_fields_set})


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
