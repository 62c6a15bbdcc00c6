"""Runs deadletter and reads what it leaves.

The program is the one that the environment variable DEADLETTER names, else build/release/deadletter of this project.
Runs go to temporary folders that last as long as this Python does. results.sqlite and sweep.sqlite are opened
read-only.

Times: a column `x_ns` of a table becomes `x_h`, hours since the start of the run (for a duration: hours) as a double,
exact to less than a nanosecond within a century.

Errors: FileNotFoundError without a program; ProgramFailed when it ends with another exit status than 0; MissingTable
when results.sqlite lacks a table, with those that it has; NoSweep when a file is no sweep.sqlite of the form that is
known here.
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
SWEEP_APPLICATION, SWEEP_FORM = 0x444C5357, 1  # application_id and user_version of sweep.sqlite


class ProgramFailed(RuntimeError):
    """The program's own words are the message."""


class MissingTable(LookupError):
    pass


class NoSweep(ValueError):
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


def rows_of(database: Path, sql: str, parameters: Sequence[object] = ()) -> pd.DataFrame:
    """What a query gives, of a file that is only read."""
    connection = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)
    try:
        return pd.read_sql_query(sql, connection, params=parameters)
    finally:
        connection.close()


@dataclass(frozen=True)
class Run:
    """One run's folder."""

    folder: Path

    def summary(self) -> dict[str, Any]:
        """run.json: configuration, nodes, fates, metrics."""
        return json.loads((self.folder / "run.json").read_text(encoding="utf-8"))

    def query(self, sql: str, parameters: Sequence[object] = ()) -> pd.DataFrame:
        """Rows of results.sqlite, times as hours."""
        rows = rows_of(self.folder / "results.sqlite", sql, parameters)
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


@dataclass(frozen=True)
class Sweep:
    """A sweep's folder. The tables of its sweep.sqlite and their columns are described in the file (.schema)."""

    folder: Path

    def query(self, sql: str, parameters: Sequence[object] = ()) -> pd.DataFrame:
        """Rows of sweep.sqlite."""
        return rows_of(self.folder / "sweep.sqlite", sql, parameters)

    def figures(self) -> pd.DataFrame:
        """A row for each run that is done, by its cell: experiment, variant, seed, a column for each factor (a text,
        as the plan has it) and for each metric (delays in seconds; 0 of a report's status that did not come)."""
        form = [int(self.query(f"PRAGMA {name}").iloc[0, 0]) for name in ("application_id", "user_version")]
        if form != [SWEEP_APPLICATION, SWEEP_FORM]:
            raise NoSweep(f"{self.folder / 'sweep.sqlite'}: application id {form[0]:#x}, form {form[1]}; expected "
                          f"{SWEEP_APPLICATION:#x}, {SWEEP_FORM}")
        cells = self.query("SELECT cell, experiment, variant, seed FROM cells WHERE state = 'done' ORDER BY cell")
        factors, metrics = (self.query(f"SELECT cell, name, value FROM {table}").pivot(index="cell", columns="name",
                                                                                        values="value")
                            for table in ("factors", "metrics"))
        return cells.set_index("cell").join(factors).join(metrics.fillna(0.0))


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


def sweep(plan: Path) -> Sweep:
    """Runs every cell of a plan."""
    out = temporary_folder() / "sweep"
    call("sweep", plan, "--out", out)
    return Sweep(out)


def compare_sweep(swept: Sweep, by: Optional[str] = None) -> dict[str, Any]:
    """What `deadletter compare` says of a sweep, with a block for each value of a factor if one is named."""
    return call("compare", swept.folder, *([] if by is None else ["--by", by]))


def schedule(build: str, failure: str, attributes: Mapping[str, object]) -> pd.DataFrame:
    """What a build states without a run: `at_h` after the message came, `what` (attempt, glitch_retry, delay_notice,
    expiry). `failure`: connect, busy or message."""
    rows = pd.DataFrame(call("schedule", build, "--failure", failure, *sets(attributes))["schedule"])
    rows["at_h"] = rows["at_s"] / 3600
    return rows
