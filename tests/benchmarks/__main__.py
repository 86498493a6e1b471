"""`python -m tests.benchmarks turns`, or another name of `_BENCHMARKS`; all of these without a name.

`… chats` needs packages of others and so runs by name alone.
"""

import signal
import sys

from tests.benchmarks import acknowledging, chats, encoding, indexing, killing, pages, retraining, scale, turns, vectors

_BENCHMARKS = {
    "turns": turns.main,
    "acknowledging": acknowledging.main,
    "encoding": encoding.main,
    "indexing": indexing.main,
    "pages": pages.main,
    "scale": scale.main,
    "vectors": vectors.main,
    "retraining": retraining.main,
    "killing": killing.main,
}
_BY_NAME_ALONE = {"chats": chats.main}


def main() -> None:
    """Run the benchmark that the command line names, or all."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the bots that were started are ended then too
    name, *arguments = sys.argv[1:] or [""]
    known = _BENCHMARKS | _BY_NAME_ALONE
    if name and name not in known:
        sys.exit(f"There is no benchmark '{name}'; name one of: {', '.join(known)}.")
    for run in [known[name]] if name else _BENCHMARKS.values():
        run(arguments)


if __name__ == "__main__":
    main()
