"""Requests of platforms, which may be larger than those of the page."""

from aiohttp import web


def limited(request: web.Request, size: int) -> web.Request:
    """The same request, whose body may have up to `size` bytes; more raises `HTTPRequestEntityTooLarge`."""
    return request.clone(client_max_size=size)
