"""Recognises trusted documents: by id, and by text whatever its whitespace and comments."""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256

from graphql import GraphQLError
from graphql.utilities import strip_ignored_characters

from router import limits
from router.lru import Lru
from router.persisted.manifest import TrustedDocument


class Safelist:
    """The trusted documents of one generation."""

    def __init__(self, documents: Collection[TrustedDocument] = ()) -> None:
        self.documents = tuple(documents)
        self._by_id = {(document.id, document.client): document.text for document in documents}
        self._texts = {document.text for document in documents}
        self._stripped: dict[str, str] = {}
        for document in documents:
            self._stripped.setdefault(_stripped(document.text) or document.text, document.text)
        longest = max(map(len, self._texts), default=0)
        self._length_max = longest * limits.SAFELIST_TEXT_FACTOR
        # What was found for other spellings: the trusted text, or "" where there is none.
        self._found: Lru[str, str] = Lru(limits.DOCUMENT_CACHE_CHARACTERS_MAX)

    def __len__(self) -> int:
        return len(self.documents)

    def by_id(self, identifier: str, client: str | None) -> str | None:
        """The document of this id, for this client or for all. An id may say how it was made: `sha256:…`."""
        for name in (identifier, identifier.removeprefix("sha256:")):
            for owner in (client, None):
                if (text := self._by_id.get((name, owner))) is not None:
                    return text
        return None

    def like(self, text: str) -> str | None:
        """The trusted document that this text is, however it is laid out: its own text, so that both share a plan."""
        if text in self._texts:
            return text
        if len(text) > self._length_max:
            return None
        found = self._found.get(text)
        if found is None:
            found = self._stripped.get(_stripped(text) or "", "")
            self._found.put(text, found, weight=len(text))
        return found or None


class UnknownTexts:
    """Remembers which unknown texts were told of, so that each is told once."""

    def __init__(self) -> None:
        self._told: Lru[str, str] = Lru(limits.UNKNOWN_TEXTS_TOLD_MAX)
        self._hashes: Lru[str, str] = Lru(limits.DOCUMENT_CACHE_CHARACTERS_MAX)

    def digest_if_new(self, text: str) -> str | None:
        """The SHA-256 of a text that is seen for the first time, else None."""
        if self._hashes.get(text) is not None:
            return None
        digest = sha256(text.encode(errors="surrogatepass")).hexdigest()
        self._hashes.put(text, digest, weight=len(text))
        is_new = self._told.get(digest) is None
        self._told.put(digest, digest)
        return digest if is_new else None


def _stripped(text: str) -> str | None:
    """The text without what GraphQL ignores (specification, section 2.1), or None where it is no sequence of tokens."""
    try:
        return strip_ignored_characters(text)
    except GraphQLError:
        return None
