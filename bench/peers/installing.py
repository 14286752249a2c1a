"""Peers from PyPI, by hash, each in an environment of its own under `.bench/peers`, and served beside Kith."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import sites
from bench.peers.forum import FORM, Forum, with_threads
from bench.rivals import BUILT, ROOT, Failed

PEOPLE = 40
HERE = ROOT / "bench" / "peers"


@dataclass(frozen=True, kw_only=True)
class Peer:
    """Community software in Django: its name, its folder here, and the Python that it is made for."""

    name: str
    folder: str
    python: str = "3.12"

    @property
    def environment(self) -> Path:
        """Where it is installed."""
        return BUILT / "peers" / self.folder

    @property
    def interpreter(self) -> str:
        """The Python that it runs on."""
        return str(self.environment / "bin/python")


PEERS = [Peer(name="Misago", folder="misago_forum"), Peer(name="Spirit", folder="spirit_forum")]


def install(peer: Peer) -> None:
    """Once; again where what it is pinned to changed. Raises Failed with pip's last words."""
    wanted, done = HERE / peer.folder / "requirements.txt", peer.environment / "installed"
    if done.exists() and done.read_text() == wanted.read_text():
        return
    shutil.rmtree(peer.environment, ignore_errors=True)
    _run(_python(peer.python), "-m", "venv", str(peer.environment))
    pip = [
        peer.interpreter,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    _run(*pip, "--require-hashes", "--no-deps", "-r", str(wanted))
    done.write_text(wanted.read_text())


def _python(version: str) -> str:
    """A Python of one version: Kith's own, which was then built alike; or as pyenv keeps them (what it puts on the path
    may stand for none), or on the path."""
    if platform.python_version().startswith(f"{version}."):
        return sys.executable
    kept = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
    found = next(map(str, reversed(kept)), None) or shutil.which(f"python{version}")
    if not found:
        raise Failed(f"needs Python {version}, which is not on this machine")
    return found


BUILT_HOW = """
import platform, sys, sysconfig
made = "with" if "--enable-optimizations" in (sysconfig.get_config_var("CONFIG_ARGS") or "") else "without"
made = "the system's" if sys.base_prefix == "/usr" else f"compiled {made} --enable-optimizations"
print(f"Python {platform.python_version()}, {platform.python_compiler()}, {made}")
"""


def built(interpreter: str) -> str:
    """Which Python it is, and how it was built: a system's own has optimisations that others may lack."""
    return _run(interpreter, "-c", BUILT_HOW).strip()


def _run(*command: str, environment: dict[str, str] | None = None, folder: Path = ROOT) -> str:
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(done.stderr.strip()[-400:])
    return done.stdout


@contextlib.contextmanager
def running(peer: Peer) -> Iterator[Forum]:
    """A peer with its people and threads, on one core, from one worker with four threads. Raises Failed."""
    install(peer)
    port = sites.free_port()
    with sites.database(peer.folder) as url, tempfile.TemporaryDirectory(prefix="kith-peer-") as name:
        folder = Path(name)
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("KITH_", "DJANGO_"))}
        environment = clean | {
            "PEER_DATABASE_URL": url, "PEER_FOLDER": name, "DJANGO_SETTINGS_MODULE": "settings",
            "PYTHONPATH": f"{HERE / peer.folder}{os.pathsep}{HERE}", "PYTHONDONTWRITEBYTECODE": "1",
        }  # fmt: skip
        python = peer.interpreter
        fill = _run(
            python, str(HERE / peer.folder / "fill.py"), str(PEOPLE), environment=environment, folder=folder
        )
        said: dict[str, Any] = json.loads(fill.splitlines()[-1])
        served = [
            python, "-m", "granian", "--interface=wsgi", "--host=127.0.0.1", f"--port={port}", "--workers=1",
            "--blocking-threads=4", "--no-access-log", "--log-level=warning", "--no-ws",
            "--static-path-route=/static", f"--static-path-mount={folder / 'static'}", "served:application",
        ]  # fmt: skip
        with sites.process(served, environment=environment, log=folder / "log", cwd=folder) as started:
            sites.wait_for(f"http://127.0.0.1:{port}/", log=folder / "log")
            said["people"] = [f"{cookie}; csrftoken={FORM}" for cookie in said["people"]]
            try:
                made = with_threads(
                    name=peer.name, port=port, said=said, headers={"X-CSRFToken": FORM}, pid=started.pid
                )
            except Failed as error:
                raise Failed(f"{error} {(folder / 'log').read_text()[-300:]}") from None
            yield made
