"""Measuring what the bot finds and says, with the field's measures and with questions whose answers are known."""
