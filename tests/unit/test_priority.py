"""What is built beside the bot goes behind it, in its own session too, and is weighed as usual afterwards."""

import subprocess
import sys
from pathlib import Path

import pytest

from knowledge.settings import PROJECT

AUTOGROUP = Path("/proc/self/autogroup")
SAYS = """
import os, subprocess, sys
from pathlib import Path
from bot.processes.priority import giving_way
def said(): return Path("/proc/self/autogroup").read_text().split()[-1]
before = said()
with giving_way():
    child = [sys.executable, "-c", "import os; print(open('/proc/self/autogroup').read().split()[-1], os.nice(0))"]
    within = subprocess.run(child, capture_output=True, text=True, check=True).stdout.split()
print(before, *within, said())
"""


@pytest.mark.skipif(not AUTOGROUP.exists(), reason="this system does not weigh sessions")
def test_a_session_goes_behind_the_others_and_comes_back() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SAYS], cwd=PROJECT, capture_output=True, text=True, check=True, start_new_session=True
    )
    assert done.stdout.split() == ["0", "10", "10", "0"]
