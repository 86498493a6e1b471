"""Errors that are shown to the person who can do something about them."""


class StadtlotseError(Exception):
    """Something the operator, admin or developer can mend: one sentence with what is wrong, where, and what to do."""
