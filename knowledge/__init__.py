"""What Stadtlotse knows: fact sheets, documents, passages, search and answers. Imports neither `bot` nor `actions`."""
