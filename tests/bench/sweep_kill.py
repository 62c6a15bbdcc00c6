"""A sweep of 500 cells is killed at random 10 times and finished; it must equal one that nobody disturbed.

    python3 tests/bench/sweep_kill.py [--program build/release/deadletter] [--cells 500] [--kills 10] [-j 2] [--seed 1]

The cells are the five articles' variants with as many seeds as it takes. Each kill is SIGKILL at an instant that was
drawn: some time after a number of cells is there, and a few times more while the tables are made. Killed are all
processes at once, the sweep alone, or its cells first, by turns. Compared is every file of both folders, octet for
octet: cells/, sweep.json, sweep.sqlite, sweep.md, sweep.html. Then the comparison itself is tried: with an octet
changed, a file lost, one left over, and half a cell that a sweep takes for a whole one it must not hold.

Prints its figures; exit status 1 when something is not equal, or is equal that must not be.
"""
import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ARTICLES = sorted((ROOT / "experiments/articles").glob("kb*.json"))[:5]
TABLES = ("sweep.json", "sweep.sqlite", "sweep.md", "sweep.html")
KILLS_OF_TABLES = 3
MANNERS = ("all at once", "the sweep alone", "its cells first")


def write_plan(folder: Path, seeds: int, share: float) -> Path:
    path = folder / "plan.json"
    path.write_text(json.dumps({
        "id": "killed", "experiment": [str(article) for article in ARTICLES],
        "seeds": f"1..{seeds}", "check_share": share}))
    return path


def cells_of(program: str, plan: Path) -> int:
    said = subprocess.run([program, "sweep", plan, "--dry-run", "--format", "json"], check=True, capture_output=True)
    return json.loads(said.stdout)["runs"]


def entries(out: Path) -> list[str]:
    cells = out / "cells"
    return os.listdir(cells) if cells.is_dir() else []


def done_in(out: Path) -> int:
    return sum(1 for entry in entries(out) if "." not in entry)


def files_in(out: Path) -> dict[str, bytes]:
    return {str(p.relative_to(out)): p.read_bytes() if p.is_file() else b"" for p in sorted(out.rglob("*"))}


def differences(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


class Sweep:
    """A sweep of one plan into one folder."""

    def __init__(self, program: str, plan: Path, out: Path, jobs: int):
        self.words = [program, "sweep", plan, "--out", out, "-j", str(jobs), "-q"]
        self.out, self.last = out, None

    def start(self) -> subprocess.Popen:
        return subprocess.Popen(self.words, start_new_session=True)

    def finish(self) -> float:
        """To its end: the seconds that it took."""
        begun = time.monotonic()
        self.last = self.start().wait()
        return time.monotonic() - begun

    def kill(self, count: int, after: float, manner: str) -> bool:
        """Begins, and is killed `after` seconds after so many cells were there; false: it came to its end before."""
        process = self.start()
        while process.poll() is None and done_in(self.out) < count:
            time.sleep(0.002)
        time.sleep(after)
        kill(process, manner)
        hit = process.wait() == -signal.SIGKILL
        # Who was not killed ends with the sweep; nobody writes while it is looked at.
        deadline = time.monotonic() + 10
        while alive_in(process.pid) and time.monotonic() < deadline:
            time.sleep(0.002)
        return hit


def kill(process: subprocess.Popen, manner: str) -> None:
    if process.poll() is not None:
        return
    try:
        if manner == "its cells first":
            for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
                os.kill(int(child), signal.SIGKILL)
                time.sleep(0.01)
    except (ProcessLookupError, FileNotFoundError):
        pass  # it has come to its end by itself
    end = os.kill if manner == "the sweep alone" else os.killpg
    end(process.pid, signal.SIGKILL)


def alive_in(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def wrong_comparisons(whole: Path, folder: Path, plan: Path, options) -> list[str]:
    """What the comparison did not see although it was there."""
    mine, copy = files_in(whole), folder / "wrong"
    cell = next(name for name in mine if name.startswith("cells/") and name.endswith("/run.json"))

    def changed(name):
        octets = bytearray((copy / name).read_bytes())
        octets[len(octets) // 2] ^= 1
        (copy / name).write_bytes(octets)

    def torn():
        half = (copy / cell).read_bytes()
        (copy / cell).write_bytes(half[:len(half) // 2])
        Sweep(options.program, plan, copy, options.jobs).finish()

    wrongs = {f"an octet of {name}": (lambda name=name: changed(name)) for name in (cell, *TABLES)}
    wrongs["a cell that is lost"] = lambda: shutil.rmtree((copy / cell).parent)
    wrongs["a draft that is left"] = lambda: (copy / "cells/0123456789abcdef.tmp").mkdir()
    wrongs["half a cell, and the sweep given once more"] = torn
    missed = []
    for what, make in wrongs.items():
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(whole, copy)
        make()
        if not differences(mine, files_in(copy)):
            missed.append(what)
    print(f"of {len(wrongs)} folders that are not equal the comparison sees {len(wrongs) - len(missed)}")
    return missed


def killed_sweep(killed: Sweep, cells: int, each: float, idle: float, options, chance: random.Random) -> int:
    """Kills it and says so: how many of the kills met it alive."""
    hits = 0
    for number, when in enumerate(sorted(chance.sample(range(cells), options.kills))):
        manner = MANNERS[number % len(MANNERS)]
        hit = killed.kill(when, chance.uniform(0, 2 * each), manner)
        hits += hit
        drafts = sum(1 for entry in entries(killed.out) if "." in entry)
        print(f"  {'killed' if hit else 'NOT KILLED, it had ended'}: {done_in(killed.out):4} cells done, "
              f"{drafts} half done ({manner})")
    killed.finish()
    for _ in range(KILLS_OF_TABLES):
        # A kill that comes too late is one that meets nothing; then another instant is drawn.
        after = chance.uniform(0.3, 1) * idle
        while not killed.kill(0, after, MANNERS[0]):
            after *= 0.9
        hits += 1
        print(f"  killed: all cells done, {after:.3f} s after it was given again")
    return hits


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=str(ROOT / "build/release/deadletter"))
    parser.add_argument("--cells", type=int, default=500)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="sweep-kill-") as name:
        folder = Path(name)
        variants = cells_of(options.program, write_plan(folder, 1, 0.05))
        plan = write_plan(folder, -(-options.cells // variants), 0.05)
        cells = cells_of(options.program, plan)
        print(f"{cells} cells: {variants} variants of {len(ARTICLES)} articles, 5 % of the cells twice, "
              f"{options.jobs} side by side")

        whole = Sweep(options.program, plan, folder / "whole", options.jobs)
        undisturbed = whole.finish()
        print(f"undisturbed: {undisturbed:.1f} s, exit status {whole.last}, {undisturbed / cells * 1e3:.0f} ms a cell")
        mine = files_in(whole.out)
        idle = whole.finish()
        again = differences(mine, files_in(whole.out))
        print(f"given again: {idle:.1f} s, exit status {whole.last}, {len(again)} files differ")

        killed = Sweep(options.program, plan, folder / "killed", options.jobs)
        begun = time.monotonic()
        hits = killed_sweep(killed, cells, undisturbed / cells, idle, options, chance)
        killed.finish()
        print(f"killed {hits} times and finished: {time.monotonic() - begun:.1f} s, exit status {killed.last}")

        differ = again + differences(mine, files_in(killed.out))
        for each in differ[:10]:
            print(f"  differs: {each}")
        whole_there = done_in(whole.out) == cells and all(table in mine for table in TABLES)
        right = not differ and whole.last == killed.last and whole_there and hits == options.kills + KILLS_OF_TABLES
        octets = sum(len(text) for text in mine.values())
        print(f"{len(mine)} files and folders, {octets} octets: {'equal' if right else 'NOT EQUAL'}")
        missed = wrong_comparisons(whole.out, folder, plan, options)
        for each in missed:
            print(f"  not seen: {each}")
        return 0 if right and not missed else 1


if __name__ == "__main__":
    sys.exit(main())
