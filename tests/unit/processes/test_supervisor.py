"""The supervisor with real processes."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.processes.parts import address, check_ports, children, prepare_state
from bot.processes.supervisor import Child, Pace, Supervisor
from knowledge.errors import StadtlotseError
from knowledge.settings import PROJECT, Settings

QUICK = Pace(first_delay=0.05, longest_delay=0.2, healthy_after=60, end_within=1)


def python(code: str, log: Path, name: str = "child") -> Child:
    return Child(name, [sys.executable, "-c", code], log)


def sleeper(log: Path, name: str = "child") -> Child:
    return Child(name, ["sleep", "600"], log)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


async def eventually(condition: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.02)


@asynccontextmanager
async def running(*kept: Child, pace: Pace = QUICK) -> AsyncIterator[tuple[Supervisor, list[str]]]:
    """A supervisor over children, ended by SIGTERM as an operator would."""
    notices: list[str] = []
    supervisor = Supervisor(kept, notices.append, pace)
    task = asyncio.create_task(supervisor.run())
    try:
        yield supervisor, notices
    finally:
        if not task.done():
            os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(task, 15)


async def test_killed_child_comes_back(tmp_path: Path) -> None:
    async with running(sleeper(tmp_path / "log")) as (supervisor, notices):
        await eventually(lambda: supervisor.pids)
        first = supervisor.pids["child"]
        os.kill(first, signal.SIGKILL)
        await eventually(lambda: supervisor.pids.get("child", first) != first)
        assert is_alive(supervisor.pids["child"])
        assert notices == [f"child was ended by SIGKILL; it starts again in 0.05 s. See {tmp_path / 'log'}."]


async def test_other_children_stay_when_one_dies(tmp_path: Path) -> None:
    async with running(sleeper(tmp_path / "a", "a"), sleeper(tmp_path / "b", "b")) as (supervisor, _):
        await eventually(lambda: len(supervisor.pids) == 2)
        before = supervisor.pids
        os.kill(before["a"], signal.SIGKILL)
        await eventually(lambda: supervisor.pids.get("a", before["a"]) != before["a"])
        assert supervisor.pids["b"] == before["b"]


async def test_child_that_keeps_failing_is_started_less_and_less_often(tmp_path: Path) -> None:
    async with running(python("raise SystemExit(3)", tmp_path / "log")) as (_, notices):
        await eventually(lambda: len(notices) >= 4)
    delays = [notice.partition("again in ")[2].split()[0] for notice in notices[:4]]
    assert delays == ["0.05", "0.1", "0.2", "0.2"]
    assert "ended with exit code 3" in notices[0]


async def test_delay_is_short_again_after_a_healthy_while(tmp_path: Path) -> None:
    pace = Pace(first_delay=0.05, longest_delay=10, healthy_after=0)
    async with running(python("raise SystemExit(1)", tmp_path / "log"), pace=pace) as (_, notices):
        await eventually(lambda: len(notices) >= 3)
    assert all("again in 0.05 s" in notice for notice in notices)


async def test_end_leaves_no_process_behind(tmp_path: Path) -> None:
    grandparent = "import subprocess, time; print(subprocess.Popen(['sleep', '600']).pid, flush=True); time.sleep(600)"
    log = tmp_path / "log"
    async with running(python(grandparent, log)) as (supervisor, _):
        await eventually(lambda: log.exists() and log.read_text().endswith("\n"))
        pids = [supervisor.pids["child"], int(log.read_text())]
        assert all(is_alive(pid) for pid in pids)
    await eventually(lambda: not any(is_alive(pid) for pid in pids))


async def test_child_that_ignores_the_signal_is_killed(tmp_path: Path) -> None:
    stubborn = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('on', flush=True); time.sleep(600)"
    )
    log = tmp_path / "log"
    async with running(python(stubborn, log)) as (supervisor, _):
        await eventually(log.exists)
        pid = supervisor.pids["child"]
        begun = time.monotonic()
    assert not is_alive(pid)
    assert time.monotonic() - begun < 5


async def test_ready_is_announced_once_when_it_is_true(tmp_path: Path) -> None:
    announced: list[str] = []
    asked = 0

    async def is_ready() -> bool:
        nonlocal asked
        asked += 1
        return asked > 2

    supervisor = Supervisor([sleeper(tmp_path / "log")], lambda _: None, QUICK)
    task = asyncio.create_task(supervisor.run(is_ready, lambda: announced.append("ready")))
    await eventually(lambda: announced)
    os.kill(os.getpid(), signal.SIGINT)
    await asyncio.wait_for(task, 10)
    assert announced == ["ready"]
    assert asked == 3


async def test_command_that_does_not_exist_ends_everything(tmp_path: Path) -> None:
    supervisor = Supervisor([sleeper(tmp_path / "a", "a"), Child("b", ["/nowhere"], tmp_path / "b")], print, QUICK)
    with pytest.raises(FileNotFoundError):
        await asyncio.wait_for(supervisor.run(), 10)
    assert supervisor.pids == {}


def test_children_die_with_a_killed_supervisor(tmp_path: Path) -> None:
    code = (
        "import asyncio, pathlib; from bot.processes.supervisor import Child, Supervisor\n"
        f"child = Child('child', ['sh', '-c', 'echo $$; exec sleep 600'], pathlib.Path({str(tmp_path / 'log')!r}))\n"
        "asyncio.run(Supervisor([child], print).run())"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=PROJECT) as supervisor:
        try:
            asyncio.run(eventually(lambda: (tmp_path / "log").exists() and (tmp_path / "log").read_text()))
            pid = int((tmp_path / "log").read_text())
            assert is_alive(pid)
        finally:
            supervisor.kill()
    asyncio.run(eventually(lambda: not is_alive(pid)))


async def test_log_is_capped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.processes.supervisor._LOG_BYTES", 100_000)
    log = tmp_path / "log"
    talker = (
        "import sys, time\nfor _ in range(100): sys.stdout.write('x' * 10_000)\nsys.stdout.flush(); time.sleep(600)"
    )
    async with running(python(talker, log)):
        await eventually(lambda: (tmp_path / "log.1").exists())
        await asyncio.sleep(0.3)
    assert log.stat().st_size <= 100_000
    assert (tmp_path / "log.1").stat().st_size <= 100_000


def test_port_in_use_gives_one_sentence() -> None:
    with socket.socket() as other, socket.socket() as second, socket.socket() as third:
        for taken in (other, second, third):
            taken.bind(("127.0.0.1", 0))
        other.listen()
        port, rasa_port, actions_port = (taken.getsockname()[1] for taken in (other, second, third))
        second.close()
        third.close()
        with pytest.raises(StadtlotseError) as error:
            check_ports(Settings(port=port, rasa_port=rasa_port, actions_port=actions_port))
    assert str(error.value) == f"Port {port} is in use; stop the other program or set STADTLOTSE_PORT."


def test_port_asked_for_twice_gives_one_sentence() -> None:
    with pytest.raises(StadtlotseError, match="Port 18080 is asked for twice; set STADTLOTSE_RASA_PORT"):
        check_ports(Settings(port=18080, rasa_port=18080))


def test_foreign_address_gives_one_sentence() -> None:
    with pytest.raises(StadtlotseError, match=r"192\.0\.2\.1 is no address of this machine; set STADTLOTSE_HOST"):
        check_ports(Settings(host="192.0.2.1", port=18080))


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", "http://localhost:8080"),
        ("0.0.0.0", "http://localhost:8080"),
        ("::", "http://localhost:8080"),
        ("192.0.2.7", "http://192.0.2.7:8080"),
        ("2001:db8::1", "http://[2001:db8::1]:8080"),
    ],
)
def test_address_can_be_clicked(host: str, expected: str) -> None:
    assert address(Settings(host=host, port=8080)) == expected


def test_token_is_new_at_every_start_and_in_no_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STADTLOTSE_TOKEN", "left over from elsewhere")
    model = tmp_path / "rasa.tar.gz"
    starts = [children(Settings(var=tmp_path), model) for _ in range(2)]
    tokens = [{child.environment["STADTLOTSE_TOKEN"] for child in start} for start in starts]
    assert all(len(token) == 1 for token in tokens)
    assert tokens[0] != tokens[1]
    assert "left over from elsewhere" not in tokens[0] | tokens[1]
    assert not any(
        token in part for start in starts for child in start for part in child.command for token in tokens[0]
    )


def test_state_is_for_its_owner_alone_and_shared_between_processes(tmp_path: Path) -> None:
    prepare_state(Settings(var=tmp_path / "var"))
    state = tmp_path / "var" / "state.db"
    assert state.stat().st_mode & 0o777 == 0o600
    assert state.read_bytes()[18:20] == b"\x02\x02", "the file header says write-ahead log"


def test_broken_state_gives_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "state.db").write_bytes(b"no database" * 100)
    with pytest.raises(StadtlotseError, match=r"state\.db cannot be used"):
        prepare_state(Settings(var=tmp_path))
