"""The reading process, as `python -m knowledge.reading`; `knowledge.reading.reader` starts it."""

import sys

from knowledge.reading.worker import main

main(sys.argv[1:])
