"""A login port that everybody can reach is tried by everybody."""

from __future__ import annotations

from collections.abc import Iterator

from clops_app.kit import Architecture, Fix, Hit, Known, OpenPort, Plain, SetAttribute, read, tr

EVERYBODY = ("0.0.0.0/0", "::/0")
PRIVATE: dict[str, Plain] = {  # addresses that never come from the internet: RFC 1918 and RFC 4193
    "cidr_blocks": ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
    "ipv6_cidr_blocks": ("fc00::/7",),
    "cidr_ipv4": "10.0.0.0/8",
    "cidr_ipv6": "fc00::/7",
}


def check(architecture: Architecture) -> Iterator[Hit]:
    for group in architecture.resources("aws_security_group", "aws_default_security_group"):
        rules: dict[tuple[str, str], OpenPort] = {}
        for port in architecture.open_ports(group):
            if port.covers(22):
                rules.setdefault((port.written_in.address, port.path), port)  # IPv4 and IPv6 in one rule are one fault
        for port in rules.values():
            message = tr(
                "`{address}` lets the whole internet reach port 22 (SSH): scanners try to log in day and night.", address=port.place.address
            )
            yield Hit(message, port.place, _fix(port), key=f"{port.protocol} {port.from_port}-{port.to_port} {port.cidr}")


def _fix(port: OpenPort) -> Fix | None:
    if (port.protocol, port.from_port, port.to_port) != ("tcp", 22, 22):
        return None
    rule, before = port.written_in, f"{port.path}." if port.path else ""
    narrowed = ((f"{before}{name}", _narrowed(read(rule, f"{before}{name}"), private)) for name, private in PRIVATE.items())
    return Fix(tr("Let SSH in from private addresses only"), tuple(SetAttribute(rule.address, path, to) for path, to in narrowed if to))


def _narrowed(written: object, private: Plain) -> Plain:
    match written:
        case Known(tuple() as cidrs) if set(cidrs) & set(EVERYBODY):
            return tuple(cidr for cidr in cidrs if cidr not in EVERYBODY) or private
        case Known(str() as cidr) if cidr in EVERYBODY:
            return private
        case _:
            return None
