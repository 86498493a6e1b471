"""The processes that make up the bot: how each is started, kept running, replaced and ended."""
