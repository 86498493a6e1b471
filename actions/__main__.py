"""Runs the action server: `python -m actions`. The supervisor does, with a token in `STADTLOTSE_TOKEN`."""

import logging
import os
import sys

from actions.answering import Answering
from actions.server import create_app
from knowledge.answering.contacts import Contacts
from knowledge.errors import StadtlotseError
from knowledge.settings import settings


def main() -> None:
    """Serve on the loopback address until a signal ends it."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    token = os.environ.get("STADTLOTSE_TOKEN")
    if not token:
        sys.exit("STADTLOTSE_TOKEN is not set; 'stadtlotse serve' starts the action server with one.")
    try:
        contacts = Contacts.read(settings().contacts_file)
    except StadtlotseError as error:
        sys.exit(str(error))
    app = create_app(Answering(settings()), contacts, token)
    app.run(host="127.0.0.1", port=settings().actions_port, access_log=False, workers=1)


if __name__ == "__main__":
    main()
