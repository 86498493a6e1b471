"""Channels by which messages reach the dialogue."""
