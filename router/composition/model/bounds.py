"""How large and how deep a text may be, found out before anything recursive looks at it."""

from __future__ import annotations

import re
from typing import Final

from router.limits import SDL_BYTES_MAX, SDL_NESTING_MAX

# Strings and comments are passed over whole; an unterminated string ends with its line, as the parser will say.
_TOKENS: Final = re.compile(r'"""(?:\\"""|[^"]|"(?!""))*"""|"(?:\\.|[^"\\\n])*"?|#[^\n\r]*|[\[{(]|[\]})]')


def is_too_large(sdl: str) -> bool:
    """Whether an SDL passes SDL_BYTES_MAX."""
    return len(sdl) > SDL_BYTES_MAX or (
        len(sdl) * 4 > SDL_BYTES_MAX and len(sdl.encode(errors="replace")) > SDL_BYTES_MAX
    )


def too_deep_at(text: str) -> int | None:
    """Where brackets first stand within more than SDL_NESTING_MAX others; None where they nowhere do."""
    depth = 0
    for token in _TOKENS.finditer(text):
        match token[0]:
            case "[" | "{" | "(":
                depth += 1
                if depth > SDL_NESTING_MAX:
                    return token.start()
            case "]" | "}" | ")":
                depth -= 1
    return None
