"""What is built beside the bot goes behind it, in a session of its own, and ends with the process that began it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from knowledge.settings import PROJECT

BEHIND = """
import os, sys, time
from bot.processes.priority import step_behind
session = os.getsid(0)
step_behind()
try:
    print(os.getpid(), os.getsid(0) != session, os.nice(0), flush=True)
    time.sleep(float(sys.argv[1]))
except KeyboardInterrupt:
    print("interrupted", flush=True)
sys.exit(3)
"""


def begin(seconds: float) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", BEHIND, str(seconds)]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)


def test_it_goes_behind_and_ends_as_the_child_ends() -> None:
    process = begin(0)
    said, _ = process.communicate(timeout=60)
    _, is_own, niceness = said.split()
    assert (is_own, int(niceness) >= 10, process.returncode) == ("True", True, 3)


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="this system does not weigh sessions")
def test_its_session_is_behind_and_ours_is_not() -> None:
    before = Path("/proc/self/autogroup").read_text()
    with begin(60) as process:
        assert process.stdout is not None
        child = process.stdout.readline().split()[0]
        assert Path(f"/proc/{child}/autogroup").read_text().split()[-1] == "10"
        process.kill()
    assert Path("/proc/self/autogroup").read_text() == before


def test_signals_reach_the_child() -> None:
    with begin(60) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == "interrupted\n"
    assert process.returncode == 3


def test_the_child_dies_with_it() -> None:
    with begin(60) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline().split()[0])
        process.kill()
    deadline = time.monotonic() + 30
    while Path(f"/proc/{child}").exists() and "Z" not in Path(f"/proc/{child}/stat").read_text().split()[2]:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert process.returncode == -signal.SIGKILL
    assert os.getpid() != child
