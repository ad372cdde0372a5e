"""Real proxies in front of our server, each with a strict and a lenient configuration.

Rule: a proxy gives every request that it forwards an id of its own in place of the client's, and
writes one line `id|sent|status|what` about it. Each lane is a port with a single upstream
connection kept alive: what a case leaves on it meets the very next request of that lane.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.outside.programs import free_ports, needs, running

LANES = 16

NGINX = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/errors;
events {{ worker_connections 256; }}
http {{
  log_format judge '$request_id|$upstream_addr|$upstream_status|$request';
  access_log {folder}/log judge;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  client_header_timeout 500ms; client_body_timeout 500ms; keepalive_timeout 500ms;
  proxy_read_timeout 3s; proxy_next_upstream off; proxy_http_version 1.1;
  proxy_set_header Connection ""; proxy_set_header X-Request-Id $request_id;
  {options}
  {lanes}
}}
"""
NGINX_LANE = """
  upstream u{port} {{ server 127.0.0.1:{upstream}; keepalive 1; }}
  server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://u{port}; }} }}
"""
NGINX_LENIENT = """
  proxy_request_buffering off; ignore_invalid_headers off; underscores_in_headers on;
  merge_slashes off; proxy_set_header Host $http_host; proxy_pass_request_headers on;
"""

APACHE = """
ServerRoot {folder}
DefaultRuntimeDir {folder}
PidFile {folder}/pid
ServerName judge
ErrorLog {folder}/errors
LogLevel warn
{modules}
{user}
StartServers 1
ServerLimit 1
ThreadsPerChild 48
MaxRequestWorkers 48
Timeout 3
KeepAliveTimeout 500ms
RequestReadTimeout header=1 body=1
ProxyTimeout 3
ProxyPreserveHost On
RequestHeader set X-Request-Id %{{UNIQUE_ID}}e
# A client that names our id in Connection would have it removed: that is Apache's way, not a fault.
RequestHeader edit* Connection (?i)x-request-id nothing
LogFormat "%{{UNIQUE_ID}}e|%{{proxy-source-port}}n|%>s|%r" judge
CustomLog {folder}/log judge
{options}
{lanes}
"""
APACHE_LANE = """
Listen 127.0.0.1:{port}
<VirtualHost 127.0.0.1:{port}>
  ServerName lane{port}
  AllowEncodedSlashes NoDecode
  ProxyPass / http://127.0.0.1:{upstream}/ nocanon keepalive=On
</VirtualHost>
"""
APACHE_LENIENT = """
HttpProtocolOptions Unsafe LenientMethods Allow0.9
SetEnv proxy-sendchunked 1
MergeSlashes Off
"""
APACHE_MODULES = ("mpm_event", "authz_core", "headers", "env", "unique_id", "reqtimeout", "proxy")

HAPROXY = """
global
  log stdout format raw local0
  nbthread 1
  maxconn 512
defaults
  mode http
  log global
  timeout connect 3s
  timeout server 3s
  timeout client 500ms
  timeout http-request 500ms
  timeout http-keep-alive 500ms
  retries 0
  http-reuse always
  unique-id-format %[uuid()]
  log-format %ID|%Tc|%ST|%r
  {options}
{lanes}
"""
HAPROXY_LANE = """
frontend f{port}
  bind 127.0.0.1:{port}
  http-request set-header X-Request-Id %[unique-id]
  default_backend b{port}
backend b{port}
  server s 127.0.0.1:{upstream} pool-max-conn 1
"""


@dataclass(frozen=True)
class Front:
    """One proxy that runs: where its lanes listen, and what it has written about requests."""

    lanes: list[int]
    log: Path

    def sent(self) -> dict[str, tuple[str, str]]:
        """Of each request that was sent upstream, by its id: its status, and what it was.

        To be read when the proxy has ended.
        """
        lines = self.log.read_text(errors="replace").split("\n")
        entries = [line.split("|", 3) for line in lines if line.count("|") >= 3]
        return {
            name: (status, what)
            for name, where, status, what in entries
            if where not in ("-", "", "-1")
        }


@contextlib.contextmanager
def _nginx(folder: Path, upstream: int, options: str) -> Iterator[Front]:
    program, ports = needs("nginx"), free_ports(LANES)
    lanes = "".join(NGINX_LANE.format(port=port, upstream=upstream) for port in ports)
    config = folder / "config"
    config.write_text(NGINX.format(folder=folder, options=options, lanes=lanes))
    command = [program, "-p", str(folder), "-e", str(folder / "errors"), "-c", str(config)]
    with running(command, folder, ports):
        yield Front(ports, folder / "log")


@contextlib.contextmanager
def _apache(folder: Path, upstream: int, options: str) -> Iterator[Front]:
    program, ports = needs("apache2"), free_ports(LANES)
    place = Path(program).resolve().parents[1] / "lib" / "apache2" / "modules"
    names = (*APACHE_MODULES, "proxy_http")
    modules = "\n".join(f"LoadModule {name}_module {place}/mod_{name}.so" for name in names)
    lanes = "".join(APACHE_LANE.format(port=port, upstream=upstream) for port in ports)
    user = "User nobody\nGroup nogroup" if os.geteuid() == 0 else ""
    config = folder / "config"
    config.write_text(
        APACHE.format(folder=folder, modules=modules, user=user, options=options, lanes=lanes)
    )
    with running([program, "-f", str(config), "-D", "FOREGROUND"], folder, ports):
        yield Front(ports, folder / "log")


@contextlib.contextmanager
def _haproxy(folder: Path, upstream: int, options: str) -> Iterator[Front]:
    program, ports = needs("haproxy"), free_ports(LANES)
    lanes = "".join(HAPROXY_LANE.format(port=port, upstream=upstream) for port in ports)
    config = folder / "config"
    config.write_text(HAPROXY.format(options=options, lanes=lanes))
    with running([program, "-db", "-f", str(config)], folder, ports):
        yield Front(ports, folder / "said")


Start = Callable[[Path, int, str], contextlib.AbstractContextManager[Front]]
FRONTS: dict[str, tuple[Start, str]] = {
    "nginx": (_nginx, "proxy_set_header Host $host;"),
    "nginx, lenient": (_nginx, NGINX_LENIENT),
    "apache": (_apache, ""),
    "apache, lenient": (_apache, APACHE_LENIENT),
    "haproxy": (_haproxy, ""),
    "haproxy, lenient": (_haproxy, "option accept-invalid-http-request"),
}


def front(name: str, folder: Path, upstream: int) -> contextlib.AbstractContextManager[Front]:
    """The proxy `name` before the port `upstream`, from the start of a block to its end."""
    start, options = FRONTS[name]
    return start(folder, upstream, options)
