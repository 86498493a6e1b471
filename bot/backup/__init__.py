"""Backups of an installation, and the file they are kept in."""
