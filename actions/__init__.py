"""Rasa custom actions: thin, one topic a module, over `knowledge`."""
