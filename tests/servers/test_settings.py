"""Settings: from files, variables and arguments; every slip is told with what was meant."""

import json

import pytest

from asyncweb import App, AsyncServer, Limits, Settings, SocketOptions, ThreadServer, Tls
from asyncweb.errors import SettingsError
from asyncweb.grading.process import MARK

TOML = """
engine = "threads"
workers = 2
host = "127.0.0.1"
port = 8000
name = "mine"
keep_alive = false
access_log = "access.jsonl"
max_threads = 8
queue = 16

[limits]
preset = "strict"
idle_s = 2
body_bytes = 1000

[socket_options]
ttl = 64
nodelay = false
probe_after_s = 30

[tls]
cert = "cert.pem"
key = "key.pem"
"""
VALUES = {
    "engine": "threads", "workers": 2, "host": "127.0.0.1", "port": 8000, "name": "mine",
    "keep_alive": False, "access_log": "access.jsonl", "max_threads": 8, "queue": 16,
    "limits": {"preset": "strict", "idle_s": 2, "body_bytes": 1000},
    "socket_options": {"ttl": 64, "nodelay": False, "probe_after_s": 30},
    "tls": {"cert": "cert.pem", "key": "key.pem"},
}  # fmt: skip


@pytest.fixture
def written(tmp_path):
    def write(text, name="app.toml"):
        (tmp_path / name).write_text(text)
        return tmp_path / name

    return write


def test_toml_and_json_say_the_same(written):
    assert Settings.read(written(TOML)).values == VALUES
    assert Settings.read(written(json.dumps(VALUES), "app.JSON")).values == VALUES


def test_a_server_is_made_of_them(written):
    settings = Settings.read(written(TOML))
    server = settings.server(App())
    assert isinstance(server, ThreadServer)
    assert (server.given_port, server.name, server.keep_alive) == (8000, "mine", False)
    assert (server.max_threads, server.queue, settings.workers) == (8, 16, 2)
    assert server.limits == Limits.strict(idle_s=2, body_bytes=1000)
    assert server.socket_options == SocketOptions(ttl=64, nodelay=False, probe_after_s=30)
    assert server.tls == Tls("cert.pem", "key.pem")
    assert server.access_log == "access.jsonl"


def test_without_any_a_server_is_as_ever():
    server = Settings().server(App())
    assert isinstance(server, AsyncServer)
    assert server.settings() == AsyncServer(App()).settings()


def test_variables_are_read_by_what_they_mean():
    found = Settings.from_environment(
        {
            "ASYNCWEB_ENGINE": "async",
            "ASYNCWEB_PORT": "8000",
            "ASYNCWEB_KEEP_ALIVE": "No",
            "ASYNCWEB_ACCESS_LOG": "true",
            "ASYNCWEB_LIMITS_IDLE_S": "2.5",
            "ASYNCWEB_LIMITS_PRESET": "relaxed",
            "ASYNCWEB_SOCKET_OPTIONS_UNIX_MODE": "0o660",
            "ASYNCWEB_SOCKET_OPTIONS_REUSE_PORT": "1",
            "ASYNCWEB_TLS_CERT": "/etc/cert.pem",
            "ASYNCWEB_NAME": "",  # not given
            "ASYNCWEB_LOOP": "asyncio",  # no setting of a server
            "HOME": "/root",
        }
    )
    assert found.values == {
        "engine": "async",
        "port": 8000,
        "keep_alive": False,
        "access_log": True,
        "limits": {"idle_s": 2.5, "preset": "relaxed"},
        "socket_options": {"unix_mode": 0o660, "reuse_port": True},
        "tls": {"cert": "/etc/cert.pem"},
    }
    assert Settings.from_environment({"ASYNCWEB_ACCESS_LOG": "a.log"}).values == {
        "access_log": "a.log"
    }


def test_the_processs_own_variables_are_the_default(monkeypatch):
    monkeypatch.setenv("ASYNCWEB_PORT", "8123")
    assert Settings.from_environment().values["port"] == 8123


@pytest.mark.parametrize("name", [MARK, "ASYNCWEB_LOOP", "ASYNCWEB_QUICK"])
def test_the_packages_variables_that_are_no_settings_are_left_to_whom_they_concern(name):
    assert Settings.from_environment({name: "1"}).values == {}


def test_who_comes_later_wins_key_by_key(written):
    file = Settings.read(written('port = 1\nhost = "::1"\n[limits]\nidle_s = 1\nhead_s = 1'))
    environment = Settings.from_environment({"ASYNCWEB_PORT": "2", "ASYNCWEB_LIMITS_IDLE_S": "2"})
    arguments = Settings.of({"port": 3, "host": None})
    assert (file | environment | arguments).values == {
        "port": 3,
        "host": "::1",
        "limits": {"idle_s": 2.0, "head_s": 1},
    }
    assert file.values["port"] == 1  # none of them is changed
    assert (file | arguments).server(App(), port=4).given_port == 4


def test_a_certificate_and_one_that_signs_itself_replace_each_other():
    own, signed = Settings.of({"tls": VALUES["tls"]}), Settings.of({"tls": {"self_signed": True}})
    assert (own | signed).server(App()).tls == Tls.self_signed()
    assert (signed | own).server(App()).tls == Tls("cert.pem", "key.pem")
    with_password = own | Settings.of({"tls": {"password": "hunter2"}})
    assert with_password.server(App()).tls == Tls("cert.pem", "key.pem", "hunter2")
    assert "hunter2" not in repr(with_password)
    assert Settings.of({"tls": {"self_signed": False}}).server(App()).tls is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prot = 1", "unknown setting 'prot'; did you mean 'port'?"),
        ("ttl = 1", "unknown setting 'ttl'; did you mean 'socket_options.ttl'?"),
        ("[limit]\nidle_s = 1", "unknown setting 'limit'; did you mean 'limits'?"),
        ("[limits]\nidle = 1", "unknown setting 'limits.idle'; did you mean 'limits.idle_s'?"),
        ("[tls]\ncertificate = ''", "'tls.certificate'; did you mean 'tls.cert'?"),
        ("zzz = 1", "unknown setting 'zzz'; known: engine, workers, host, port"),
        ("port = '80'", "port = '80': expected a whole number"),
        ("port = true", "port = True: expected a whole number"),
        ("port = 1.5", "port = 1.5: expected a whole number"),
        ("host = 1", "host = 1: expected text"),
        ("keep_alive = 1", "keep_alive = 1: expected true or false"),
        ("access_log = 1", "access_log = 1: expected true or false or text"),
        ("engine = 'fast'", "engine = 'fast': expected 'async' or 'threads'"),
        ("limits = 1", "limits = 1: expected a table"),
        ("[limits]\npreset = 'x'", "expected 'standard' or 'strict' or 'relaxed'"),
        ("[limits]\nidle_s = 'long'", "limits.idle_s = 'long': expected a number"),
        ("[socket_options]\nttl = 'x'", "socket_options.ttl = 'x': expected a whole number"),
        ("port = ?", "line 1"),
    ],
)
def test_a_slip_in_a_file_is_told_with_the_file_and_what_was_meant(written, text, said):
    path = written(text)
    with pytest.raises(SettingsError) as caught:
        Settings.read(path)
    assert str(caught.value).startswith(str(path))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[1]", "expected a table"),
        ('{"port": 1, "port": 2}', "'port' stands there twice"),
        ('{"port": }', "no JSON: Expecting value at line 1, column 10"),
        ("[" * 100_000, ""),
        ('{"limits": {"idle_s": NaN}}', "idle_s=nan"),
    ],
)
def test_json_that_is_none_is_told_with_its_place(written, text, said):
    with pytest.raises((SettingsError, ValueError), match=r"app\.json|idle_s") as caught:
        Settings.read(written(text, "app.json")).server(App())
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"ASYNCWEB_PROT": "1"}, "unknown variable ASYNCWEB_PROT; did you mean ASYNCWEB_PORT?"),
        ({"ASYNCWEB_TTL": "1"}, "unknown variable ASYNCWEB_TTL"),
        ({"ASYNCWEB_PORT": "eighty"}, "ASYNCWEB_PORT='eighty': expected a whole number"),
        ({"ASYNCWEB_KEEP_ALIVE": "x"}, "ASYNCWEB_KEEP_ALIVE='x': expected true or false"),
        ({"ASYNCWEB_ENGINE": "x"}, "ASYNCWEB_ENGINE = 'x': expected 'async' or 'threads'"),
    ],
)
def test_a_slip_in_a_variable_is_told_by_its_name(environment, said):
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(environment)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("name", "said"),
    [("no.toml", "cannot read"), ("app.yaml", r"ends with \.toml or \.json")],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path, name, said):
    (tmp_path / "app.yaml").write_text("port: 1")
    with pytest.raises(SettingsError, match=said):
        Settings.read(tmp_path / name)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"max_threads": 4}, "max_threads is for engine = 'threads'"),
        ({"tls": {"cert": "a"}}, "tls.key is missing"),
        ({"tls": {"self_signed": True, "cert": "a", "key": "b"}}, "makes its own"),
        ({"port": 70_000}, "65535"),
        ({"socket_options": {"ttl": 0}}, "ttl=0"),
        ({"limits": {"idle_s": -1}}, "idle_s=-1"),
    ],
)
def test_what_makes_no_sense_together_is_told_when_a_server_is_made(values, said):
    with pytest.raises(ValueError, match=said):
        Settings.of(values).server(App())
