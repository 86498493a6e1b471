"""From a question to what it wants of the catalogue."""
