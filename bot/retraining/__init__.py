"""Retraining: a release built, examined at the gate, and taken up by the bot that runs."""
