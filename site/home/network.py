"""The addresses at which phones on the same network reach this machine. No packet is sent to find them."""

from __future__ import annotations

import socket
import struct

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

SIOCGIFADDR = 0x8915  # Linux: the IPv4 address of an interface
NOWHERE = ("192.0.2.1", 9)  # TEST-NET-1, RFC 5737: connecting a UDP socket only asks the routing table


def lan_addresses() -> list[str]:
    """IPv4 addresses of this machine, the one of the default route first, loopback left out."""
    found = [_by_route(), *_by_interface()]
    if not any(found):
        found = _by_name()
    kept = [address for address in found if address and not address.startswith(("127.", "0."))]
    return list(dict.fromkeys(kept))


def hostnames() -> list[str]:
    """The names under which this machine may be typed, `.local` for Bonjour included."""
    name = socket.gethostname().lower()
    if not name or name == "localhost":
        return []
    return [name] if "." in name else [name, f"{name}.local"]


def _by_route() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(NOWHERE)
            return str(probe.getsockname()[0])
        except OSError:
            return ""


def _by_interface() -> list[str]:
    if fcntl is None:
        return []
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _index, name in socket.if_nameindex():
            if name.startswith(("docker", "br-", "veth", "virbr")):
                continue
            try:
                answer = fcntl.ioctl(probe.fileno(), SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
            except OSError:
                continue
            found.append(socket.inet_ntoa(answer[20:24]))
    return found


def _by_name() -> list[str]:
    try:
        return list(socket.gethostbyname_ex(socket.gethostname())[2])
    except OSError:
        return []
