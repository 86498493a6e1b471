"""Measuring how messages are understood, with utterances that were never trained on."""
