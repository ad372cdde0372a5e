"""Dependencies are counted as each system's tool tells them: made up at once, really when slow."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import ClassVar

import pytest

from asyncweb.lab.claims import names
from asyncweb.lab.claims.dependencies import (
    crates,
    dependencies_of,
    distributions,
    jars,
    objects,
    tree_of,
    unsafe_of,
)
from asyncweb.lab.claims.dependencies.counting import dependencies, unsafes_of
from asyncweb.lab.claims.dependencies.tree import CannotCount, tree
from asyncweb.lab.claims.peers.peer import Peer, Seat

GRAPH = {
    "web 1": {"tokio 1", "regex 1"},
    "tokio 1": {"mio 1", "libc 0"},
    "regex 1": {"memchr 1", "libc 0"},
    "driver 1": {"sqlite 3", "libc 0"},
    "app 0": {"web 1", "driver 1"},
}


def peer(called: str, folder: Path | None = None) -> Peer:
    """A system of that name whose sources lie in `folder`; it never runs."""

    class Sample(Peer):
        name = called
        language = model = licence = settings = ""
        sources: ClassVar[Path | None] = folder

        def version(self, built: Path | None) -> str:
            return "1"

        def command(self, built: Path | None, seat: Seat) -> Sequence[str]:
            return ()

    return Sample()


def needs(program: str) -> None:
    """Skips without the program, and fails in CI."""
    if shutil.which(program) is None:
        reason = f"{program} is not installed"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)


class TestATree:
    def test_is_what_lies_beneath_the_framework_and_not_beside_it(self):
        found = tree(GRAPH, ["web"])
        assert found.direct == ("regex 1", "tokio 1")
        assert found.all == ("libc 0", "memchr 1", "mio 1", "regex 1", "tokio 1")
        assert found.beyond_runtime == found.all

    def test_leaves_out_the_runtime_and_all_that_it_brings(self):
        assert tree(GRAPH, ["web"], ["tokio"]).beyond_runtime == ("memchr 1", "regex 1")

    def test_counts_two_versions_of_a_package_as_two(self):
        graph = {"web 1": {"syn 1", "log 1"}, "log 1": {"syn 2"}}
        assert tree(graph, ["web"]).figure()["all"] == 3

    def test_ends_where_packages_need_each_other(self):
        assert tree({"a 1": {"b 1"}, "b 1": {"a 1"}}, ["a"]).all == ("b 1",)

    def test_of_a_framework_that_is_not_there_is_an_error(self):
        with pytest.raises(CannotCount, match="none of flask is among 5 packages"):
            tree(GRAPH, ["flask"])


def test_cargo_counts_what_is_built_and_not_what_only_tests_need():
    def crate(name: str, *authors: str) -> dict[str, object]:
        place = {"manifest_path": f"/{name}/Cargo.toml", "authors": list(authors)}
        return {"id": f"#{name}", "name": name, "version": "1", **place}

    def link(name: str, *kinds: str | None) -> dict[str, object]:
        return {"pkg": f"#{name}", "dep_kinds": [{"kind": kind} for kind in kinds]}

    web = [link("tokio", None, "dev"), link("cc", "build"), link("criterion", "dev")]
    told = {
        "packages": [
            crate("web", "Ada"),
            crate("tokio", "Bob"),
            crate("cc", "Ada", "Cy"),
            crate("criterion"),
        ],
        "resolve": {
            "nodes": [
                {"id": "#web", "deps": web},
                *({"id": f"#{name}", "deps": []} for name in ("tokio", "cc", "criterion")),
            ]
        },
    }
    found = crates.read(told)
    assert found.graph["web 1"] == {"tokio 1", "cc 1"}
    assert found.folders["cc 1"] == Path("/cc")
    assert found.by_authors_of(["web"]) == {"web 1", "cc 1"}
    assert found.by_authors_of(["criterion"]) == {"criterion 1"}  # nobody is nobody's author


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("unsafe { go() }", 1),
        ("unsafe impl Send for A {} // unsafe", 1),
        ("/* unsafe\nunsafe */ fn f() {}", 0),
        ('let a = "unsafe \\" unsafe"; unsafe fn f() {}', 1),
        ('let a = r#"an "unsafe" word"#;', 0),
        ("#![forbid(unsafe_code)]", 0),
        ("let quote = '\"'; unsafe { a() }; let other = '\"';", 1),
        ("fn f<'a>(x: &'a u8) { unsafe { g() } }", 1),
    ],
)
def test_unsafe_counts_where_it_is_code(source, count):
    assert crates.unsafes_in(source) == count


def test_unsafe_in_tests_of_a_crate_does_not_count(tmp_path):
    for place in ("src/lib.rs", "tests/all.rs", "benches/speed.rs"):
        (tmp_path / place).parent.mkdir()
        (tmp_path / place).write_text("unsafe fn f() {}")
    assert crates.unsafes(tmp_path) == 1


def test_maven_tells_once_what_several_need_and_counts_for_each():
    told = """asyncweb:claims:jar:1
+- boot:starter-web:jar:3.5.0:compile
|  +- boot:starter:jar:3.5.0:compile
|  |  \\- (slf4j:api:jar:2.0.17:compile - version managed from 2.0.1; omitted for duplicate)
|  \\- tomcat:core:jar:10.1.41:compile (version managed from 10.1.40)
+- xerial:sqlite-jdbc:jar:3.49.1.0:compile
|  \\- slf4j:api:jar:2.0.17:compile
\\- junit:junit:jar:4.13:test
   \\- hamcrest:core:jar:1.3:test
"""
    found = tree(jars.read(told), ["boot:starter-web"])
    assert found.direct == ("boot:starter 3.5.0", "tomcat:core 10.1.41")
    assert found.all == ("boot:starter 3.5.0", "slf4j:api 2.0.17", "tomcat:core 10.1.41")


class TestADistribution:
    @pytest.fixture
    def installed(self, monkeypatch):
        """What is installed, by name: the lines in which each says what it needs."""
        needed = {
            "web": ["Click_Me>=7", "uvloop; extra == 'fast'", "old; python_version < '3'"],
            "click-me": ["colour[all]; python_version > '3'"],
            "colour": ["paint; extra == 'all'", "brush; extra == 'some'"],
            "paint": None,
        }

        def requires(name):
            if name not in needed:
                raise metadata.PackageNotFoundError(name)
            return needed[name]

        monkeypatch.setattr(metadata, "requires", requires)
        return needed

    def test_counts_what_applies_here_and_the_extras_that_others_ask_for(self, installed):
        found = distributions.distributions_of("web")
        assert found == {
            "web": {"click-me"},
            "click-me": {"colour"},
            "colour": {"paint"},
            "paint": set(),
        }

    def test_that_is_not_installed_says_so(self, installed):
        installed["web"] = ["gone"]
        with pytest.raises(CannotCount, match="gone is not installed; pip install gone"):
            distributions.distributions_of("web")

    def test_of_our_own_is_read_from_a_checkout_where_nothing_is_installed(self, installed):
        installed |= {name: None for name in ("cloudpickle", "httptools", "multipart", "psutil")}
        installed |= {name: None for name in ("rich", "uvloop", "websockets")}
        assert "httptools" in distributions.distributions_of("asyncweb")["asyncweb"]


def test_the_c_library_and_the_linker_do_not_count():
    told = """	linux-vdso.so.1 (0x00007f533deda000)
	libpcre2-8.so.0 => /lib/x86_64-linux-gnu/libpcre2-8.so.0 (0x00007f533dd77000)
	libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f533db29000)
	libcrypt.so.1 => /lib/x86_64-linux-gnu/libcrypt.so.1 (0x00007f533dac0000)
	/lib64/ld-linux-x86-64.so.2 (0x00007f533dedc000)
"""
    assert objects.linked(told) == {"libpcre2-8.so.0", "libcrypt.so.1"}
    dynamic = """ 0x1 (NEEDED)             Shared library: [libpcre2-8.so.0]
 0x1 (NEEDED)             Shared library: [libc.so.6]
"""
    assert objects.needed(dynamic) == {"libpcre2-8.so.0"}


def test_a_server_that_comes_with_its_language_has_nothing_beneath_it():
    assert dependencies_of(peer(names.NODE), None)["all"] == 0


def test_our_own_and_the_servers_in_python_are_counted_here():
    ours = tree_of(peer(names.OUR_LOOP), None)
    assert {"httptools", "rich"} <= set(ours.direct)
    assert {"markdown-it-py", "mdurl"} <= set(ours.all) - set(ours.direct)


def test_an_unknown_system_is_an_error_that_names_the_known_ones():
    with pytest.raises(CannotCount, match="what nginx's framework is; known: hyperlane 5"):
        dependencies_of(peer("nginx"), None)


def test_unsafe_is_counted_only_in_rust():
    with pytest.raises(CannotCount, match="waitress is not written in Rust"):
        unsafe_of(peer(names.WAITRESS), None)


def test_a_peer_in_rust_without_its_manifest_says_so(tmp_path):
    with pytest.raises(CannotCount, match=r"no Cargo\.toml in its folder hyperlane"):
        dependencies_of(peer(names.HYPERLANE, tmp_path), None)


def test_what_cannot_be_counted_costs_its_row_only(tmp_path):
    peers = [peer("nginx"), peer(names.NODE), peer(names.HYPERLANE, tmp_path)]
    found = dependencies(peers=peers)
    assert list(found.systems(names.DEPENDENCIES)) == [names.NODE]
    assert "nginx's framework" in found.failure(names.DEPENDENCIES, "nginx")
    unsafe = unsafes_of(peers=peers)
    assert list(unsafe.failures[names.UNSAFE]) == [names.HYPERLANE]


@pytest.fixture
def no_programs(monkeypatch):
    """None is installed."""
    monkeypatch.setenv("PATH", "")


def test_a_missing_tool_is_a_reason(no_programs, tmp_path):
    (tmp_path / "Cargo.toml").write_text("")
    (tmp_path / "pom.xml").write_text("")
    for name, said in [
        (names.HYPERLANE, "cargo is not installed"),
        (names.SPRING, "mvn is not installed"),
        (names.APACHE[0], "apache2 is not installed"),
    ]:
        with pytest.raises(CannotCount, match=said):
            dependencies_of(peer(name, tmp_path), None)


@pytest.mark.slow
def test_the_lock_that_a_build_has_left_decides_the_versions(tmp_path):
    """Two crates on the disk, so that nothing is fetched."""
    needs("cargo")
    app, built = tmp_path / "sources", tmp_path / "built"
    for name, wishes, code in [
        (
            "hyperlane",
            'tokio = { path = "../tokio" }\nother = { path = "../other" }',
            "unsafe fn f() {}",
        ),
        ("tokio", "", "unsafe fn f() {}\nunsafe fn g() {}"),
        ("other", "", ""),
    ]:
        (app / name / "src").mkdir(parents=True)
        (app / name / "src" / "lib.rs").write_text(code)
        (app / name / "Cargo.toml").write_text(
            f'[package]\nname = "{name}"\nversion = "1.0.0"\nedition = "2021"\n'
            f"authors = {['Ada'] if name != 'tokio' else ['Bob']}\n[dependencies]\n{wishes}\n"
        )
    built.mkdir()
    sample = peer(names.HYPERLANE, app)
    expected = {"direct": 2.0, "all": 2.0, "beyond_runtime": 1.0, "own": 1.0}
    assert dependencies_of(sample, built) == expected
    counted = {"own": 1.0, "own_crates": 2.0, "all": 3.0, "crates": 3.0}
    assert unsafe_of(sample, built) == counted
    (built / "Cargo.lock").write_text("this is no lock")
    with pytest.raises(CannotCount, match=r"Cargo\.lock"):
        dependencies_of(sample, built)
    assert not list(app.rglob("Cargo.lock"))


@pytest.mark.slow
def test_python_itself_is_linked_as_the_linker_says():
    needs("ldd")
    needs("readelf")
    found = objects.shared_objects(Path(sys.executable).resolve())
    told = subprocess.run(["ldd", sys.executable], capture_output=True, text=True, check=True)
    assert set(found.direct) <= set(found.all)
    assert all(name in told.stdout for name in found.all)


@pytest.mark.slow
def test_apache_is_linked_with_its_own_runtime():
    needs("apache2")
    found = tree_of(peer(names.APACHE[0]), None)
    assert any(name.startswith("libapr-1") for name in found.direct)
