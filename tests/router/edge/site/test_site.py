"""The site beside GraphQL: what a browser gets, what it may keep, and what nobody gets."""

from __future__ import annotations

import gzip
import os
from collections.abc import AsyncIterator
from importlib import import_module
from pathlib import Path

import aiohttp
import pytest

from router.app import create_app
from router.config import AuthorizationSettings, CompressionSettings, RouterConfig, SiteSettings
from router.edge.site import folder
from router.limits import SITE_BYTES_MAX
from tests.router.blog import Blog, supergraph_file
from tests.router.edge.site.built import SCRIPT, SCRIPT_NAME, build
from tests.router.edge.site.visitor import BROWSER, Visitor
from tests.router.serving import serving


def unbrotli(body: bytes) -> bytes:
    plain: bytes = import_module("brotli").decompress(body)
    return plain


async def kept(visitor: Visitor, names: tuple[str, ...]) -> set[str]:
    """What browsers are told of keeping these."""
    return {(await visitor.get(f"/{name}")).headers["cache-control"] for name in names}


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return build(tmp_path / "dist")


@pytest.fixture
def site(directory: Path) -> SiteSettings:
    return SiteSettings(directory=directory, build_with="make <web>")


@pytest.fixture
def config(tmp_path: Path, site: SiteSettings) -> RouterConfig:
    anonymous = AuthorizationSettings(anonymous_only=True)
    return RouterConfig(supergraph=supergraph_file(tmp_path), authorization=anonymous, site=site)


@pytest.fixture
async def visitor(config: RouterConfig, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Visitor]:
    """Somebody with a browser, whom the router tells at once what has changed."""
    monkeypatch.setattr(folder, "SITE_LOOK_S", 0.0)
    monkeypatch.setattr(folder, "SITE_STILL_S", 0.0)
    async with (
        serving(create_app(config, transport=Blog().transport())) as address,
        aiohttp.ClientSession(auto_decompress=False) as client,
    ):
        yield Visitor(address, client)


# ── what a browser gets ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_navigation_gets_the_page(visitor: Visitor) -> None:
    """At the root, and at every path of the page's own: its script reads the address."""
    for path in ("/", "/index.html", "/send?to=ada", "/wallets/wal_1", "/explorer", "/a/b/c/"):
        page = await visitor.get(path)
        assert (page.status, page.text) == (200, "<!doctype html><title>A page</title>"), path
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert page.headers["cache-control"] == "no-cache"


async def test_what_is_no_navigation_gets_no_page_in_place_of_a_file(visitor: Visitor) -> None:
    """A script that is not there is a 404, not HTML that a browser would try to run; a program is told in JSON."""
    for path in ("/assets/gone-12345678.js", "/nowhere"):
        answer = await visitor.get(path, accept="*/*")
        assert (answer.status, "NOT_FOUND" in answer.text) == (404, True)
        assert answer.headers["cache-control"] == "no-store"


async def test_files_have_their_types(visitor: Visitor) -> None:
    """By our own list; what is not of it is bytes. A folder's address shows its index."""
    types = {
        f"/{SCRIPT_NAME}": "text/javascript; charset=utf-8",
        "/assets/index-AbCd1234.css": "text/css; charset=utf-8",
        "/manifest.webmanifest": "application/manifest+json",
        "/icon.svg": "image/svg+xml; charset=utf-8",
        "/odd.unknown": "application/octet-stream",
        "/docs/": "text/html; charset=utf-8",
        "/.well-known/security.txt": "text/plain; charset=utf-8",
    }
    assert {path: (await visitor.get(path, accept="*/*")).headers["content-type"] for path in types} == types


async def test_everything_carries_the_policy(visitor: Visitor) -> None:
    """The page loads and calls its own origin, is framed by nobody, and may use no device; so it is for every file."""
    for path in ("/", f"/{SCRIPT_NAME}"):
        headers = (await visitor.get(path)).headers
        assert headers["content-security-policy"] == (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self';"
            " manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        )
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]


async def test_head_is_get_without_the_body(visitor: Visitor) -> None:
    """With the length of what is not sent."""
    got, head = await visitor.get(f"/{SCRIPT_NAME}"), await visitor.ask("HEAD", f"/{SCRIPT_NAME}")

    assert (head.status, head.body) == (200, b"")
    assert {name: value for name, value in head.headers.items() if name != "date"} == {
        name: value for name, value in got.headers.items() if name != "date"
    }


async def test_nothing_can_be_changed(visitor: Visitor) -> None:
    """Another method is a 405 that names those there are."""
    for path in ("/", "/send", f"/{SCRIPT_NAME}"):
        answer = await visitor.ask("POST", path)
        assert answer.status == 405
        assert {method.strip() for method in answer.headers["allow"].split(",")} == {"GET", "HEAD"}


# ── what it may keep ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_only_a_name_with_a_digest_is_kept_for_good(visitor: Visitor) -> None:
    """In the folder that is said to hold such names. Anything else is asked for again."""
    lasting = (SCRIPT_NAME, "assets/rolldown-runtime-WkwZ5CU-.js")
    others = ("assets/plain.js", "assets/plain-something.js", "icon.svg", "extra-AbCd1234.js")

    assert await kept(visitor, lasting) == {"public, max-age=31536000, immutable"}
    assert await kept(visitor, others) == {"no-cache"}


async def test_a_current_copy_is_not_sent_again(visitor: Visitor, directory: Path) -> None:
    """304 for its tag, also among others and weak; once the file is another, 200."""
    tag = (await visitor.get("/")).headers["etag"]
    for known in (tag, f'"other", W/{tag}', "*"):
        again = await visitor.get("/", if_none_match=known)
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)

    (directory / "index.html").write_text("<!doctype html><title>Another</title>")

    assert (await visitor.get("/", if_none_match=tag)).text == "<!doctype html><title>Another</title>"


async def test_files_are_compressed_for_who_can_read_it(visitor: Visitor) -> None:
    """Each coding has a tag of its own, and caches are told what the answer depends on."""
    small, usual, plain = [
        await visitor.get(f"/{SCRIPT_NAME}", accept_encoding=coding) for coding in ("gzip, br", "gzip", "identity")
    ]

    assert unbrotli(small.body) == gzip.decompress(usual.body) == plain.body == SCRIPT
    assert [each.headers.get("content-encoding") for each in (small, usual, plain)] == ["br", "gzip", None]
    assert len({each.headers["etag"] for each in (small, usual, plain)}) == 3
    assert {each.headers["vary"] for each in (small, usual, plain)} == {"accept-encoding"}


async def test_what_the_build_compressed_is_used(visitor: Visitor, directory: Path) -> None:
    """Beside a file and not older; it has no address of its own."""
    (directory / "packed.txt").write_bytes(b"plain")
    (directory / "packed.txt.br").write_bytes(import_module("brotli").compress(b"plain"))
    (directory / "stale.txt").write_bytes(b"new")
    (directory / "stale.txt.gz").write_bytes(gzip.compress(b"old"))
    os.utime(directory / "stale.txt.gz", (0, 0))

    packed = await visitor.get("/packed.txt", accept_encoding="br")
    assert (packed.headers["content-encoding"], unbrotli(packed.body)) == ("br", b"plain")
    assert (await visitor.get("/stale.txt", accept_encoding="gzip")).body == b"new"
    assert (await visitor.get("/packed.txt.br", accept="*/*")).status == 404


class TestNoCompression:
    """`compression: {enabled: false}`: a proxy in front does it."""

    @pytest.fixture
    def config(self, config: RouterConfig) -> RouterConfig:
        return config.model_copy(update={"compression": CompressionSettings(enabled=False)})

    async def test_files_go_as_they_are(self, visitor: Visitor) -> None:
        """Whatever the client could read."""
        file = await visitor.get(f"/{SCRIPT_NAME}", accept_encoding="br, gzip")

        assert file.body == SCRIPT
        assert not {"content-encoding", "vary"} & set(file.headers)


# ── what nobody gets ────────────────────────────────────────────────────────────────────────────────────────────────

WAYS_OUT = [
    "/../secret.txt",
    "/assets/../../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/assets/%2e%2e%2f%2e%2e%2fsecret.txt",
    "/..%5csecret.txt",
    "/assets%5c..%5c..%5csecret.txt",
    "/secret.txt%00.html",
    "/C:/secret.txt",
    "/c:%5csecret.txt",
    "/.env",
    "/.git/config",
    "/%00",
]


@pytest.mark.parametrize("accept", [BROWSER, "*/*"], ids=["browser", "program"])
async def test_no_path_leads_out(visitor: Visitor, accept: str) -> None:
    """Nor to what is hidden; not even the page answers, so that nobody looks on."""
    answers = {path: await visitor.get(path, accept=accept) for path in WAYS_OUT}

    assert {path for path, answer in answers.items() if answer.status != 404 or "hush" in answer.text} == set()


async def test_no_link_leads_out(visitor: Visitor, directory: Path) -> None:
    """A link to a file of the site is followed; one to elsewhere is not there, nor is a folder behind a link."""
    (directory / "inside.svg").symlink_to("icon.svg")
    (directory / "outside.txt").symlink_to(directory.parent / "secret.txt")
    (directory / "folder").symlink_to(directory.parent, target_is_directory=True)

    assert (await visitor.get("/inside.svg", accept="*/*")).status == 200
    for path in ("/outside.txt", "/folder/secret.txt"):
        assert (await visitor.get(path, accept="*/*")).status == 404


async def test_no_folder_is_listed(visitor: Visitor) -> None:
    """It is a path like any other."""
    for path in ("/assets", "/assets/"):
        assert (await visitor.get(path, accept="*/*")).status == 404


async def test_the_routers_own_paths_show_no_page(visitor: Visitor) -> None:
    """What is not there below them is a 404 for a browser, too."""
    for path in ("/graphql/", "/graphql/x", "/health/", "/ready/x", "/metrics/", "/explorer/x.js"):
        assert (await visitor.get(path)).status == 404, path


async def test_the_router_answers_at_its_own_paths(visitor: Visitor, directory: Path) -> None:
    """Whatever files the site has: operators' paths, and the explorer where a browser opens the endpoint."""
    (directory / "health").write_text("mine")

    assert "supergraph" in (await visitor.get("/health")).text
    assert "router_" in (await visitor.get("/metrics")).text
    assert 'id="explorer"' in (await visitor.get("/graphql")).text
    assert (await visitor.get("/explorer/explorer.js")).status == 200


async def test_no_socket_is_opened(visitor: Visitor) -> None:
    """A site speaks HTTP; GraphQL over WebSocket is at /graphql."""
    for path in ("/", "/send"):
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await visitor.client.ws_connect(f"ws://{visitor.address}{path}")


# ── a folder that changes ───────────────────────────────────────────────────────────────────────────────────────────


async def test_open_pages_still_find_their_parts(visitor: Visitor, directory: Path) -> None:
    """After one more build those of the last have their addresses still; after two they are gone."""
    assert (await visitor.get(f"/{SCRIPT_NAME}")).status == 200

    for number, status in ((1, 200), (2, 404)):
        (directory / SCRIPT_NAME).unlink(missing_ok=True)
        (directory / "index.html").write_text(f"<!doctype html><title>Build {number}</title>")
        assert f"Build {number}" in (await visitor.get("/")).text
        assert (await visitor.get(f"/{SCRIPT_NAME}", accept="*/*")).status == status


async def test_a_build_is_taken_up_whole(visitor: Visitor, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it is being written the one before is served, and half a build does not count as one."""
    rest = directory / "assets" / "index-Whole123.js"
    await visitor.get("/")
    (directory / SCRIPT_NAME).unlink()
    (directory / "index.html").write_text("<!doctype html><title>Another</title>")
    monkeypatch.setattr(folder, "sleep", lambda _: rest.exists() or rest.write_text("whole()"))

    assert (await visitor.get("/")).text == "<!doctype html><title>A page</title>"
    assert (await visitor.get("/")).text == "<!doctype html><title>Another</title>"
    for name in (f"assets/{rest.name}", SCRIPT_NAME):
        assert (await visitor.get(f"/{name}", accept="*/*")).status == 200, name


async def test_a_folder_that_is_emptied_leaves_the_last_build(visitor: Visitor, directory: Path) -> None:
    """As while it is built anew: what was served is served."""
    await visitor.get("/")
    (directory / "index.html").unlink()

    assert (await visitor.get("/")).status == 200


async def test_a_folder_with_too_much_is_refused(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, directory: Path
) -> None:
    """It would be held in memory: what was served is served, and what nobody could serve is not read."""
    monkeypatch.setattr("router.edge.site.build.SITE_FILES_MAX", 3)
    assert (await visitor.get("/")).status == 503

    monkeypatch.setattr("router.edge.site.build.SITE_FILES_MAX", 2_000)
    assert (await visitor.get("/")).status == 200

    (directory / "film.mp4").write_bytes(b"")
    os.truncate(directory / "film.mp4", SITE_BYTES_MAX)
    assert (await visitor.get("/film.mp4", accept="*/*")).status == 404
    assert (await visitor.get("/")).status == 200


class TestNothingBuilt:
    """The folder is not there yet."""

    @pytest.fixture
    def directory(self, tmp_path: Path) -> Path:
        return tmp_path / "dist"

    async def test_the_page_says_how_it_is_built(self, visitor: Visitor, directory: Path) -> None:
        """In plain HTML under the same policy, kept by nobody; and it gives way to the build when there is one."""
        for path in ("/", "/send"):
            page = await visitor.get(path)
            assert (page.status, page.headers["cache-control"]) == (503, "no-store")
            assert "<code>make &lt;web&gt;</code>" in page.text
            assert "default-src 'none'" in page.headers["content-security-policy"]

        build(directory)

        assert (await visitor.get("/send")).text == "<!doctype html><title>A page</title>"

    async def test_the_api_runs_on(self, visitor: Visitor) -> None:
        """It needs no page; and a program that asks for a file is told that there is none."""
        asked = await visitor.post("/graphql", {"query": "{ hello }"})

        assert asked.text == '{"data":{"hello":"Hello you"}}'
        assert (await visitor.get("/assets/x.js", accept="*/*")).status == 404


class TestManyPages:
    """`single_page: false`: a folder of pages."""

    @pytest.fixture
    def site(self, site: SiteSettings) -> SiteSettings:
        return site.model_copy(update={"single_page": False})

    async def test_a_path_without_a_file_is_not_found(self, visitor: Visitor) -> None:
        """For a browser as for a program."""
        assert (await visitor.get("/docs/")).status == 200
        assert (await visitor.get("/send")).status == 404


class TestPolicy:
    """`policy`: sources besides its own."""

    @pytest.fixture
    def site(self, directory: Path) -> SiteSettings:
        added = {"img-src": ("https://img.example.com",), "frame-src": ("'self'",)}
        return SiteSettings.model_validate({"directory": directory, "policy": added})

    async def test_sources_are_added(self, visitor: Visitor) -> None:
        """To those of the directive; one that allowed nothing begins with them."""
        policy = (await visitor.get("/")).headers["content-security-policy"]

        assert "img-src 'self' data: https://img.example.com;" in policy
        assert policy.endswith("frame-ancestors 'none'; frame-src 'self'")


class TestOff:
    """No `site`: a router for programs."""

    @pytest.fixture
    def config(self, config: RouterConfig) -> RouterConfig:
        return config.model_copy(update={"site": None})

    async def test_the_explorer_is_at_the_root(self, visitor: Visitor) -> None:
        """And nothing anywhere else, whatever the method."""
        assert 'id="explorer"' in (await visitor.get("/")).text
        for method in ("GET", "POST", "PUT"):
            assert (await visitor.ask(method, "/send")).status == 404
        assert (await visitor.ask("POST", "/health")).status == 405
