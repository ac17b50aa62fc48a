"""A small build, as Vite leaves one."""

from __future__ import annotations

from pathlib import Path

SCRIPT_NAME = "assets/index-BfA3x9_k.js"
SCRIPT = b"export const words = 'the same words again and again';\n" * 100


def build(directory: Path) -> Path:
    """Write it, and a secret beside it."""
    files = {
        "index.html": b"<!doctype html><title>A page</title>",
        SCRIPT_NAME: SCRIPT,
        "assets/index-AbCd1234.css": b"body { margin: 0 }",
        "assets/plain.js": b"plain()",
        "assets/plain-something.js": b"plain()",
        "assets/rolldown-runtime-WkwZ5CU-.js": b"runtime()",
        "extra-AbCd1234.js": b"extra()",
        "icon.svg": b"<svg/>",
        "manifest.webmanifest": b"{}",
        "odd.unknown": b"?",
        "docs/index.html": b"<!doctype html><title>Docs</title>",
        ".well-known/security.txt": b"Contact: mailto:a@example.com",
        ".env": b"hush",
        "../secret.txt": b"hush",
    }
    for name, content in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return directory
