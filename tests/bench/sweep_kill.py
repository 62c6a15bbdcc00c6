"""A sweep of 500 cells is killed at random 10 times and finished; it must equal one that nobody disturbed.

    python3 tests/bench/sweep_kill.py [--program build/release/deadletter] [--cells 500] [--kills 10] [-j 2] [--seed 1]

The cells are the five articles' variants with as many seeds as it takes. Each kill is SIGKILL to the whole process
group, as soon as a number of cells is there that was drawn beforehand. Compared is every file of both folders, octet
for octet. Prints its figures; exit status 1 when something is not equal.
"""
import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ARTICLES = sorted((ROOT / "experiments/articles").glob("kb*.json"))


def write_plan(folder: Path, seeds: int, share: float) -> Path:
    path = folder / "plan.json"
    path.write_text(json.dumps({
        "id": "killed", "experiment": [str(article) for article in ARTICLES[:5]],
        "seeds": f"1..{seeds}", "check_share": share}))
    return path


def cells_of(program: str, plan: Path) -> int:
    said = subprocess.run([program, "sweep", plan, "--dry-run", "--format", "json"], check=True, capture_output=True)
    return json.loads(said.stdout)["runs"]


def done_in(out: Path) -> int:
    cells = out / "cells"
    return sum(1 for entry in os.listdir(cells) if "." not in entry) if cells.is_dir() else 0


def files_in(out: Path) -> dict[str, bytes]:
    return {str(p.relative_to(out)): p.read_bytes() if p.is_file() else b"" for p in sorted(out.rglob("*"))}


def sweep(program: str, plan: Path, out: Path, jobs: int) -> subprocess.Popen:
    return subprocess.Popen([program, "sweep", plan, "--out", out, "-j", str(jobs), "-q"], start_new_session=True)


def kill_when(process: subprocess.Popen, out: Path, count: int) -> int:
    while process.poll() is None and done_in(out) < count:
        time.sleep(0.002)
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
    return done_in(out)


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
        print(f"{cells} cells: {variants} variants of {len(ARTICLES[:5])} articles, 5 % of the cells twice, "
              f"{options.jobs} side by side")

        whole, killed = folder / "whole", folder / "killed"
        begun = time.monotonic()
        status = sweep(options.program, plan, whole, options.jobs).wait()
        undisturbed = time.monotonic() - begun
        print(f"undisturbed: {undisturbed:.1f} s, exit status {status}, {undisturbed / cells * 1e3:.0f} ms a cell")

        begun = time.monotonic()
        for when in sorted(chance.sample(range(cells), options.kills)):
            done = kill_when(sweep(options.program, plan, killed, options.jobs), killed, when)
            drafts = sum(1 for entry in os.listdir(killed / "cells") if "." in entry) if done else 0
            print(f"  killed with {done:4} cells done, {drafts} half done")
        last = sweep(options.program, plan, killed, options.jobs).wait()
        print(f"killed {options.kills} times and finished: {time.monotonic() - begun:.1f} s, exit status {last}")

        mine, other = files_in(whole), files_in(killed)
        differ = sorted(n for n in mine.keys() | other.keys() if mine.get(n) != other.get(n))
        octets = sum(len(text) for text in mine.values())
        for each in differ[:10]:
            print(f"  differs: {each}")
        right = not differ and status == last and done_in(whole) == cells
        print(f"{len(mine)} files and folders, {octets} octets: {'equal' if right else 'NOT EQUAL'}")
        return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
