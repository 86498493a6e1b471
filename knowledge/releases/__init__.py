"""Releases: what one holds, how two differ, and which one is current."""
