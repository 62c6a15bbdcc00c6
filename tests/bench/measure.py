"""Runs programs and says what they cost, and what of the machine has to be known with it.

Costs are processor seconds, not the time on the wall. `run_s` is what the program says of its own run phase, without
reading files and building the organization; `whole_s` and the peak of memory are what the system says of the process.
"""
import json
import os
import platform
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RELAY = "experiments/scale/relay.json"
FEW = ("messages=1000",)  # of RELAY, where only its being taken is in question
MOST_LINES = 40  # of what a program said before it failed: of a build that is all but its end


class Failed(Exception):
    """A program did not do what a measurement of it needs; the text says which and why."""


@contextmanager
def room():
    """A folder for results, on the disk that build/ is on, since a large run's results.sqlite may not fit in memory."""
    parent = ROOT / "build/bench"
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=parent, prefix="run-") as folder:
        yield folder


def run(command, cwd=ROOT, good=(0,)):
    """Runs it to its end: (what it printed, {"whole_s", "peak_kib"})."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        try:
            child = subprocess.Popen([str(word) for word in command], stdout=out, stderr=err, cwd=cwd)
        except OSError as error:
            raise Failed(f"{command[0]}: {error.strerror}") from None
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        said, complaint = (stream.seek(0) or stream.read().decode(errors="replace") for stream in (out, err))
    if child.returncode not in good:
        words = " ".join(str(word) for word in command)
        lines = (complaint.strip() or said.strip()).splitlines()
        raise Failed("\n".join([words, f"ended with status {child.returncode}", *lines[-MOST_LINES:]]))
    return said, {"whole_s": usage.ru_utime + usage.ru_stime, "peak_kib": usage.ru_maxrss}


def parsed(said, program):
    try:
        return json.loads(said)
    except json.JSONDecodeError as error:
        raise Failed(f"{program} printed no JSON: {error}") from None


def floor(build, messages, *options):
    """The relay workload on the floor, a bare event loop."""
    program = f"{build}/relay_floor"
    said, cost = run([program, f"--messages={messages}", *options])
    told = parsed(said, program)
    # The floor's own peak: the system's is not below that of Python, which starts it.
    return cost | {"run_s": told["cpu_s"], "peak_kib": told["rss_kb"], "waiting": told["in_flight"],
                   "counts": {"returned": told["ndr"], "hops": told["hops"], "attempts": told["attempts"]}}


def experiment(program, file, sets=(), options=(), cwd=ROOT):
    """One run of an experiment by the program `program`."""
    with room() as folder:
        words = [program, "run", file, "-q", "--format", "json", "--out", f"{folder}/run", *options]
        for one in sets:
            words += ["--set", one]
        said, cost = run(words, cwd)
    told = parsed(said, program)
    parts = told.get("fingerprint_parts", {})
    try:
        return cost | {"run_s": told["cpu_s"], "waiting": told["fates"]["waiting"], "fingerprint": told["fingerprint"],
                       "fates_fingerprint": parts.get("fates", ""),
                       "counts": {"returned": told["fates"]["returned"], "hops": told["hops"],
                                  "attempts": told["attempts"]}}
    except KeyError as error:  # an old revision
        raise Failed(f"{program} does not say {error}") from None


def refusal(program, sets, file=RELAY, options=(), cwd=ROOT):
    """Why the program does not take these settings of an experiment, or does not meet it; None if it does."""
    with room() as folder:
        words = [program, "run", file, "-q", "--format", "json", "--out", f"{folder}/run", *options]
        for one in (*(FEW if file == RELAY else ()), *sets):
            words += ["--set", one]
        said, _ = run(words, cwd, good=(0, 1, 2))
    told = parsed(said, program)
    if "errors" in told:
        return "; ".join(error["message"] for error in told["errors"])
    failed = [each for judged in ("expectations", "oracles") for each in told.get(judged, {}).get("failed", [])]
    return f"{len(failed)} of what is expected fails" if failed else None


def _first(path, start):
    try:
        for line in Path(path).read_text().splitlines():
            if line.startswith(start):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return "unknown"


def machine():
    """What has to be known of the machine to judge its figures; not its name."""
    return {"processor": _first("/proc/cpuinfo", "model name"), "cores": os.cpu_count(),
            "memory": _first("/proc/meminfo", "MemTotal"), "system": f"{platform.system()} {platform.machine()}",
            "load_before": round(os.getloadavg()[0], 2)}


def version(program):
    return [line for line in run([program, "--version"])[0].splitlines() if line]


def write(name, value):
    """Writes build/bench/NAME.json, anew each time, and says so."""
    path = ROOT / "build/bench" / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2) + "\n")
    print(f"\n{path.relative_to(ROOT)}")


class Progress:
    """What is being measured, on a line of its own on a terminal and nowhere else."""

    def __init__(self, steps):
        self.steps, self.done, self.shown = steps, 0, sys.stderr.isatty()

    def step(self, text):
        self.done += 1
        if self.shown:
            print(f"\r\033[K{self.done} of {self.steps}: {text}", end="", file=sys.stderr, flush=True)

    def end(self):
        if self.shown:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
