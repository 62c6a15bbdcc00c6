#!/usr/bin/python3
"""Runs every notebook of this folder into a temporary one, and checks that what is kept holds no results.

    notebooks/execute.py [--keep DIR] [NOTEBOOK...]

A line a notebook; a cell's error is shown. Exit status 0: all ran; 1: a notebook failed, or holds results; 2: usage, or
what is needed is not there. DEADLETTER names the program, else it is build/release/deadletter. Only Debian's Python
runs it: another one has other packages, and figures would differ.
"""

import argparse
import os
import re
import sys
import tempfile
import time
from pathlib import Path

PYTHON = "/usr/bin/python3"
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
FOLDER = Path(__file__).resolve().parent
MODULES = {"pandas": "python3-pandas", "matplotlib": "python3-matplotlib", "nbconvert": "python3-nbconvert",
           "ipykernel": "python3-ipykernel"}


def stop(words: str) -> None:
    print(f"notebooks: {words}", file=sys.stderr)
    raise SystemExit(2)


def need_python() -> None:
    if Path(sys.executable).resolve() != Path(PYTHON).resolve():
        stop(f"run by {sys.executable}, expected {PYTHON}")
    for module, package in MODULES.items():
        try:
            where = Path(__import__(module).__file__)
        except ImportError:
            stop(f"no module {module}: apt-get install --no-install-recommends {package}")
        if not where.is_relative_to("/usr/lib/python3"):
            stop(f"{module} comes from {where}, expected Debian's under /usr/lib/python3")


def results_kept(notebook) -> list[str]:
    """What a notebook holds that a run left in it."""
    found = []
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.outputs:
            found.append(f"cell {cell.id} has outputs")
        if cell.cell_type == "code" and cell.execution_count is not None:
            found.append(f"cell {cell.id} has an execution count")
        if cell.metadata:
            found.append(f"cell {cell.id} has metadata")
    if set(notebook.metadata) != {"kernelspec"} or notebook.metadata.kernelspec.name != "python3":
        found.append("metadata other than the kernelspec python3")
    return found


def execute(path: Path, out: Path) -> bool:
    import nbformat
    from nbclient.exceptions import CellExecutionError, DeadKernelError
    from nbconvert.preprocessors import ExecutePreprocessor

    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    if found := results_kept(notebook):
        print(f"{path.name}: FAILED, {'; '.join(found)}: clear the outputs before it is committed")
        return False
    # Which Python the kernel is, it says itself: a kernelspec of the user may name any.
    cells = len([cell for cell in notebook.cells if cell.cell_type == "code"])
    check = nbformat.v4.new_code_cell(f"import sys\nassert sys.executable == {PYTHON!r}, sys.executable", id="python")
    notebook.cells.insert(0, check)
    began = time.monotonic()
    try:
        runner = ExecutePreprocessor(timeout=300, kernel_name="python3")
        runner.preprocess(notebook, {"metadata": {"path": path.resolve().parent}})
    except (CellExecutionError, DeadKernelError) as error:
        print(f"{path.name}: FAILED\n{ESCAPES.sub('', str(error))}")
        return False
    del notebook.cells[0]
    nbformat.write(notebook, out / path.name)
    print(f"{path.name}: {cells} cells run, {time.monotonic() - began:.1f} s", flush=True)
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description="Runs the notebooks and checks that none holds results.")
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK",
                        help="all of this folder if none is named")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keeps the executed notebooks in this folder")
    asked = parser.parse_args()
    need_python()
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # else the kernel warns of a debugger that nobody uses
    sys.path.insert(0, str(FOLDER))
    import deadletter_results

    try:
        deadletter_results.program()
    except FileNotFoundError as error:
        stop(str(error))
    paths = asked.notebooks or sorted(FOLDER.glob("*.ipynb"))
    for path in paths:
        if not path.is_file():
            stop(f"no notebook {path}")
    with tempfile.TemporaryDirectory(prefix="deadletter-notebooks-") as temporary:
        out = asked.keep or Path(temporary)
        out.mkdir(parents=True, exist_ok=True)
        held = [execute(path, out) for path in paths]
    return 0 if held and all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
