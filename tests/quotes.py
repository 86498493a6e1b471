"""Checking citations against the passages they come from."""

from urllib.parse import parse_qs, urlsplit

from knowledge.messages import Citation
from knowledge.releases.store import PassageStore


def assert_quoted(citation: Citation, store: PassageStore) -> None:
    """The quoted words stand in the passage to which the citation leads, where it says."""
    address = urlsplit(citation.url)
    _, folder, document_id, passage_id = address.path.split("/")
    assert folder == "sources"
    passage = store.passage(document_id, int(passage_id))
    document = store.document(document_id)
    assert passage is not None and document is not None
    start, end = map(int, parse_qs(address.query)["quote"][0].split("-"))
    assert citation.quote == passage.text[start:end] != ""
    assert (citation.page, citation.heading, citation.lang) == (passage.page, passage.heading, passage.lang)
    assert citation.title == document.title
    assert citation.as_of
