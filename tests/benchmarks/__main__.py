"""`python -m tests.benchmarks turns`, `… encoding`, `… indexing`, `… scale` or `… vectors`; all without a name.

`… chats` needs packages of others and so runs by name alone.
"""

import sys

from tests.benchmarks import chats, encoding, indexing, scale, turns, vectors

_BENCHMARKS = {
    "turns": turns.main,
    "encoding": encoding.main,
    "indexing": indexing.main,
    "scale": scale.main,
    "vectors": vectors.main,
}
_BY_NAME_ALONE = {"chats": chats.main}


def main() -> None:
    """Run the benchmark that the command line names, or all."""
    name, *arguments = sys.argv[1:] or [""]
    known = _BENCHMARKS | _BY_NAME_ALONE
    if name and name not in known:
        sys.exit(f"There is no benchmark '{name}'; name one of: {', '.join(known)}.")
    for run in [known[name]] if name else _BENCHMARKS.values():
        run(arguments)


if __name__ == "__main__":
    main()
