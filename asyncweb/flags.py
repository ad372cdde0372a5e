"""What the flags of a command mean, by the names that the package has for it.

Rule: flags that contradict each other are told before anything is begun.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any


def serve_settings(options: argparse.Namespace) -> dict[str, Any]:
    """What the flags say, by the names that settings have; None where nothing was said."""
    if options.unix and options.host:
        raise ValueError("give --host or --unix, not both")
    host = f"unix:{options.unix}" if options.unix else options.host
    if options.tls and options.self_signed:
        raise ValueError("give --tls or --self-signed, not both")
    tls = dict(zip(("cert", "key"), options.tls or (), strict=False))
    return {
        "engine": options.engine,
        "workers": options.workers,
        "host": host,
        "port": options.port,
        "access_log": options.access_log,
        "tls": {"self_signed": True} if options.self_signed else tls or None,
    }


def check_port(options: argparse.Namespace, host: str) -> None:
    """Raises ValueError for a --port that `host`, whoever has named it, has no use for."""
    from asyncweb.servers.address import unix_path

    if options.port is not None and unix_path(host):
        raise ValueError(
            f"{host}: a Unix socket has no port: leave --port out, or listen at a --host"
        )


def load_settings(options: argparse.Namespace, *urls: str) -> dict[str, Any]:
    """What the flags say of a load of `urls`, by the names that `load` and `race` have."""
    from asyncweb.http.fields import Headers
    from asyncweb.loadtest import spoken
    from asyncweb.servers.tls import Tls

    _check_load(options, urls)
    rate = spoken.schedule(options.rate, is_random=options.random) if options.rate else None
    return {
        "connections": options.connections,
        "duration": duration_s(options),
        "requests": options.requests,
        "rate": rate,
        "processes": options.processes,
        "warm_up_s": spoken.seconds(options.warm_up),
        "think_s": spoken.seconds(options.think),
        "pipelined": options.pipelined,
        "method": options.method,
        "headers": Headers(map(spoken.header, options.header)),
        "body": spoken.body(options.body),
        "mix": tuple(map(spoken.ask, options.ask)),
        "message": options.message,
        "answer": options.answer,
        "ca": options.ca,
        "insecure": options.insecure,
        "identity": Tls(options.cert, options.key or options.cert) if options.cert else None,
        "seed": options.seed,
        "timeout_s": spoken.seconds(options.timeout),
        "keep_alive": not options.no_keep_alive,
    }


def duration_s(options: argparse.Namespace) -> float | None:
    """The seconds of --duration; None where nothing was said. Raises LoadError."""
    from asyncweb.loadtest.spoken import seconds

    return None if options.duration is None else seconds(options.duration)


def _check_load(options: argparse.Namespace, urls: Sequence[str]) -> None:
    if options.key and not options.cert:
        raise ValueError("--key belongs to a certificate: give --cert too")
    if (options.ca or options.insecure) and urls and not any(map(_shows_certificate, urls)):
        raise ValueError(
            "--ca and --insecure say which certificate to trust, and only https:// and wss:// show "
            "one: leave them out"
        )
    if options.random and not options.rate:
        raise ValueError("--random is a way to keep a --rate: give one")


def _shows_certificate(url: str) -> bool:
    return url.lower().startswith(("https://", "wss://"))
