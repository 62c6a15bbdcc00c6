"""Runs deadletter and reads what it leaves.

The program is the one that the environment variable DEADLETTER names, else build/release/deadletter of this project.
Runs go to temporary folders that last as long as this Python does. results.sqlite is opened read-only.

Times: a column `x_ns` of a table becomes `x_h`, hours since the start of the run (for a duration: hours) as a double,
exact to less than a nanosecond within a century.

Errors: FileNotFoundError without a program; ProgramFailed when it ends with another exit status than 0; MissingTable
when results.sqlite lacks a table, with those that it has.
"""

import atexit
import json
import os
import sqlite3
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Mapping, Optional, Sequence

import pandas as pd

PROJECT = Path(__file__).resolve().parent.parent
NS_PER_HOUR = 3_600_000_000_000


class ProgramFailed(RuntimeError):
    """The program's own words are the message."""


class MissingTable(LookupError):
    pass


def program() -> Path:
    """The program that runs experiments."""
    path = Path(os.environ.get("DEADLETTER", PROJECT / "build/release/deadletter")).resolve()
    if not path.is_file():
        raise FileNotFoundError(f"no program {path}: build it (./dev build), or name one in DEADLETTER")
    return path


def call(*arguments: object) -> Any:
    """What the program prints as JSON."""
    command = [str(program()), *map(str, arguments), "--format", "json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise ProgramFailed(f"{' '.join(command)}\nexit status {done.returncode}\n{done.stderr}{done.stdout[-2000:]}")
    return json.loads(done.stdout)


def sets(values: Mapping[str, object]) -> list[str]:
    """`--set` for each parameter, JSON Pointer or attribute."""
    return [word for name, value in values.items()
            for word in ("--set", f"{name}={value if isinstance(value, str) else json.dumps(value)}")]


@dataclass(frozen=True)
class Run:
    """One run's folder."""

    folder: Path

    def summary(self) -> dict[str, Any]:
        """run.json: configuration, nodes, fates, metrics."""
        return json.loads((self.folder / "run.json").read_text(encoding="utf-8"))

    def query(self, sql: str, parameters: Sequence[object] = ()) -> pd.DataFrame:
        """Rows of results.sqlite, times as hours."""
        connection = sqlite3.connect(f"{(self.folder / 'results.sqlite').as_uri()}?mode=ro", uri=True)
        try:
            rows = pd.read_sql_query(sql, connection, params=parameters)
        finally:
            connection.close()
        for column in [name for name in rows.columns if name.endswith("_ns")]:
            rows[column] = rows[column] / NS_PER_HOUR
        return rows.rename(columns=lambda name: f"{name[:-3]}_h" if name.endswith("_ns") else name)

    def table(self, name: str) -> pd.DataFrame:
        """A whole table. What the columns mean: deadletter list tables."""
        there = list(self.query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")["name"])
        if name not in there:
            raise MissingTable(f"{self.folder / 'results.sqlite'} has no table {name}, only {', '.join(there)}: "
                               "the run keeps less (--record events), or the program is older than this notebook")
        return self.query(f"SELECT * FROM {name} ORDER BY rowid")


def temporary_folder() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="deadletter-")
    atexit.register(folder.cleanup)
    return Path(folder.name)


def run(experiment: Path, variants: Sequence[str], *, seed: Optional[int] = None, record: Optional[str] = None,
        **values: object) -> dict[str, Run]:
    """Runs variants of an experiment ("all": all of them); `values` are its parameters. By the variant's name."""
    out = temporary_folder() / "run"
    options = [word for variant in variants for word in ("--variant", variant)]
    options += [] if seed is None else ["--seed", str(seed)]
    options += [] if record is None else ["--record", record]
    call("run", experiment, *options, *sets(values), "--out", out)
    folders = [out] if (out / "run.json").exists() else sorted(folder for folder in out.iterdir() if folder.is_dir())
    runs = map(Run, folders)
    return {each.summary()["result"]["variant"]: each for each in runs}


def compare(experiment: Path, pairs: int, **values: object) -> tuple[dict[str, Any], dict[str, Run]]:
    """What `deadletter compare` says, and the runs of its first pair, by variant."""
    out = temporary_folder() / "compare"
    said = call("compare", experiment, "--pairs", pairs, *sets(values), "--out", out)
    return said, {each["name"]: Run(out / each["name"]) for each in said["variants"]}


def schedule(build: str, failure: str, attributes: Mapping[str, object]) -> pd.DataFrame:
    """What a build states without a run: `at_h` after the message came, `what` (attempt, glitch_retry, delay_notice,
    expiry). `failure`: connect, busy or message."""
    rows = pd.DataFrame(call("schedule", build, "--failure", failure, *sets(attributes))["schedule"])
    rows["at_h"] = rows["at_s"] / 3600
    return rows
