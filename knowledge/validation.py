"""What is wrong with a value, in words for whoever wrote it."""

import re
from collections.abc import Mapping
from typing import Any

_BLOCK = "lines of its own are needed below it"
_REASONS: Mapping[str, str] = {
    "missing": "it is missing",
    "extra_forbidden": "there is no such field",
    "model_type": _BLOCK,
    "model_attributes_type": _BLOCK,
    "dict_type": _BLOCK,
    "list_type": "a list is needed, each line of it with '- ' in front",
    "too_short": "at least {min_length} needed here",
    "string_type": "text is needed here; numbers and dates in quotation marks",
    "string_too_short": "it is empty",
    "string_pattern_mismatch": "it must look like {pattern}",
    "enum": "it must be one of: {expected}",
    "literal_error": "it must be one of: {expected}",
    "union_tag_invalid": "'kind' must be one of: {expected_tags}",
    "union_tag_not_found": "'kind' is missing in it",
    "bool_parsing": "it must be true or false",
    "bool_type": "it must be true or false",
    "int_parsing": "a whole number is needed",
    "int_type": "a whole number is needed",
    "int_from_float": "a whole number is needed",
    "float_parsing": "a number is needed",
    "float_type": "a number is needed",
    "greater_than": "it must be more than {gt}",
    "greater_than_equal": "it must be {ge} or more",
    "less_than": "it must be less than {lt}",
    "less_than_equal": "it must be {le} or less",
    "date_parsing": "a date such as 2026-05-31 is needed",
    "date_from_datetime_parsing": "a date such as 2026-05-31 is needed",
    "date_type": "a date such as 2026-05-31 is needed",
    "url_parsing": "a web address that begins with https:// is needed",
    "url_type": "a web address that begins with https:// is needed",
    "url_scheme": "a web address that begins with https:// is needed",
}


def reason(error: Mapping[str, Any]) -> str:
    """What one of the `errors()` of a `pydantic.ValidationError` says, as the end of a sentence without a full stop."""
    known = _REASONS.get(str(error["type"]))
    if known is None:
        return re.sub(r"^Value error, ", "", str(error["msg"]))
    return known.format_map({key: str(value) for key, value in error.get("ctx", {}).items()})
