"""Functions on address ranges, exact for IPv4 and IPv6, as Terraform's go-cidr counts them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network

from clops_app.model.types import ListType, type_number, type_string
from clops_app.terraform.functions.signature import Function, Parameter, bad_argument, bad_call, numbers, texts
from clops_app.terraform.numbers import Number
from clops_app.terraform.scope import Scope
from clops_app.terraform.values import EvaluationError, ListValue, T

_WORD = 1 << 64
_RANGE_STEPS = 50  # to find a range and write it down (measured)
_PREFIX = re.compile(r"([0-9A-Fa-f.:]+)/(\d{1,3})", re.ASCII)


def _network(text: str) -> IPv4Network | IPv6Network:
    """The range; the address may have zeros in front and need not be the first, as Terraform allows."""
    found = _PREFIX.fullmatch(text)
    if found is not None:
        address, length = found[1], int(found[2])
        try:
            if ":" in address:
                return IPv6Network((int(IPv6Address(address)), length), strict=False)
            octets = ".".join(octet.lstrip("0") or "0" if octet else octet for octet in address.split("."))
            return IPv4Network((int(IPv4Address(octets)), length), strict=False)
        except (AddressValueError, ValueError):
            pass
    raise bad_call(f"invalid CIDR expression: invalid CIDR address: {text}")


def _made(like: IPv4Network | IPv6Network, first: int, length: int) -> str:
    return f"{_address(like, first)}/{length}"


def _address(like: IPv4Network | IPv6Network, number: int) -> str:
    return str(IPv4Address(number) if isinstance(like, IPv4Network) else IPv6Address(number))


def _whole(number: Number, argument: int | None = None) -> int:
    if isinstance(number, int):
        return number
    limits = ", between -9223372036854775808 and 9223372036854775807"
    raise bad_call("value must be a whole number") if argument is None else bad_argument(argument, f"value must be a whole number{limits}")


def _cidrhost(prefix: str, number: Number) -> T:
    network, host = _network(prefix), _whole(number)
    size = network.num_addresses
    if not -size <= host < size:
        told = host if host >= 0 else -host - size
        told = host if host >= 0 else -told
        raise bad_call(f"prefix of {network.prefixlen} does not accommodate a host numbered {told}")
    return _address(network, int(network.network_address) + host % size)


def _cidrnetmask(prefix: str) -> T:
    network = _network(prefix)
    if isinstance(network, IPv6Network):
        raise bad_call(f"IPv6 addresses cannot have a netmask: {prefix}")
    return str(network.netmask)


def _cidrsubnet(prefix: str, newbits: Number, netnum: Number) -> T:
    network, bits, number = _network(prefix), _whole(newbits), _whole(netnum)
    length = network.prefixlen + bits
    if length > network.max_prefixlen:
        raise bad_call(f"insufficient address space to extend prefix of {network.prefixlen} by {bits}")
    beyond = bad_call(f"a prefix of {network.prefixlen} can't be extended by {bits}")
    if length < 0:  # before anything is shifted by that much
        raise beyond
    # Below zero Terraform goes on to count, in 64 bits and without a sign (go-cidr's SubnetBig): so do we, for that is what it will plan.
    if abs(number) % _WORD >= (1 << bits if 0 <= bits < 64 else _WORD):
        raise bad_call(f"prefix extension of {bits} does not accommodate a subnet numbered {number}")
    first = abs(int(network.network_address) | number << (network.max_prefixlen - length))
    if first >> network.max_prefixlen:
        raise beyond
    return _made(network, first, length)


def _cidrsubnets(scope: Scope, prefix: str, *newbits: Number) -> T:
    try:
        network = _network(prefix)
    except EvaluationError as error:
        raise bad_argument(0, error.detail) from error
    family = "IPv4" if isinstance(network, IPv4Network) else "IPv6"
    at = int(network.network_address)
    end = at + network.num_addresses
    if not at:
        end = 0  # Terraform begins before the range and wraps around there: of 0.0.0.0 and :: it can give nothing
    made: list[T] = []
    scope.budget.spend(len(newbits) * _RANGE_STEPS)
    for position, extension in enumerate(newbits, 1):
        bits = _whole(extension, position)
        length = network.prefixlen + bits
        if bits < 1:
            raise bad_argument(position, "must extend prefix by at least one bit")
        if length > network.max_prefixlen:
            raise bad_argument(position, f"would extend prefix to {length} bits, which is too long for an {family} address")
        size = 1 << (network.max_prefixlen - length)
        at = -(-at // size) * size  # the next place where a range of that size may begin
        if at + size > end:
            after = f" after {made[-1]}" if made else ""
            raise bad_argument(position, f"not enough remaining address space for a subnet with a prefix of {length} bits{after}")
        made.append(_made(network, at, length))
        at += size
    return ListValue(made, type_string)


FUNCTIONS: Mapping[str, Function] = {
    "cidrhost": Function((*texts("prefix"), *numbers("hostnum")), _cidrhost, returns=type_string),
    "cidrnetmask": Function(texts("prefix"), _cidrnetmask, returns=type_string),
    "cidrsubnet": Function((*texts("prefix"), *numbers("newbits", "netnum")), _cidrsubnet, returns=type_string),
    "cidrsubnets": Function(texts("prefix"), _cidrsubnets, Parameter("newbits", type_number), ListType(type_string), scoped=True),
}
