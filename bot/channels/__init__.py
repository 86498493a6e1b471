"""Platforms on which people talk to the bot: every module here with a `PLATFORM` is one."""
