"""Nothing that the suite starts reaches beyond this machine. Python loads this file by itself where its folder is on
the path: so in each process that a test starts, too.

The hook hears of every address that Python's sockets are given, and of every name that is to be looked up.
"""

import ipaddress
import sys
from typing import Any

CALLS = {"socket.connect", "socket.sendto", "socket.sendmsg"}
LOOKUPS = {"socket.getaddrinfo", "socket.gethostbyname"}


def is_here(host: object) -> bool:
    """Whether an address or a name is this machine's own."""
    name = host.decode() if isinstance(host, bytes) else host
    if name is None or name in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(name)).is_loopback
    except ValueError:
        return False


def hear(event: str, args: tuple[Any, ...]) -> None:
    """Refuse what would leave this machine."""
    if event in LOOKUPS:
        host = args[0]
    elif event in CALLS and isinstance(args[1], tuple):  # others are sockets in the file system
        host = args[1][0]
    else:
        return
    if not is_here(host):
        raise ConnectionRefusedError(
            f"the suite reaches nothing outside this machine, and asked for {host!r}"
        )


sys.addaudithook(hear)
