"""Who sends a request, where proxies that the operator trusts pass it on."""

import re
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from aiohttp import web

from knowledge.errors import StadtlotseError

_WITH_PORT = re.compile(r"\[(?P<v6>[0-9a-fA-F:.]+)\](?::[0-9]+)?|(?P<v4>[0-9]+(?:\.[0-9]+){3}):[0-9]+")

Network = IPv4Network | IPv6Network

TRUSTED_PROXIES = web.AppKey("trusted_proxies", Sequence[Network])


def read_proxies(listed: str) -> Sequence[Network]:
    """The addresses and networks in a list with commas or spaces; `StadtlotseError` names what is none."""
    return [_network(item) for item in listed.replace(",", " ").split()]


def client_address(request: web.Request) -> str:
    """The address that a request comes from: the last one in the way that is not a trusted proxy's."""
    addresses = [request.remote or ""]
    if "X-Forwarded-For" in request.headers:
        forwarded = ",".join(request.headers.getall("X-Forwarded-For"))
        addresses = [*(_without_port(address.strip()) for address in forwarded.split(",")), *addresses]
    while len(addresses) > 1 and _is_trusted(request, addresses[-1]):
        addresses.pop()
    return addresses[-1]


def client_scheme(request: web.Request) -> str:
    """'https' or 'http', as the browser sees it."""
    forwarded = request.headers.get("X-Forwarded-Proto", "").strip().lower()
    is_known = forwarded in ("https", "http") and comes_from_trusted_proxy(request)
    return forwarded if is_known else request.scheme


def comes_from_trusted_proxy(request: web.Request) -> bool:
    """Whether the request was handed over by a proxy that the operator trusts, so that its headers count."""
    return _is_trusted(request, request.remote or "")


def _without_port(address: str) -> str:
    """An address as proxies write it, with or without a port that would tell every connection apart."""
    found = _WITH_PORT.fullmatch(address)
    return found["v6"] or found["v4"] if found else address


def _is_trusted(request: web.Request, address: str) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in request.app[TRUSTED_PROXIES])


def _network(item: str) -> Network:
    try:
        return ip_network(item)
    except ValueError as error:
        raise StadtlotseError(
            f"STADTLOTSE_TRUSTED_PROXIES holds '{item}', which is no address and no network; correct it."
        ) from error
