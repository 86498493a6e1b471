"""`python -m bot.cli` is the `stadtlotse` command."""

from bot.cli import main

main()
