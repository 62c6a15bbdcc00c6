"""Builds a revision of the project beside the present tree: build/bench/<its hash>, a work tree of git's.

A hash names one content for ever, so a tree that is there is used again; `git worktree remove` takes it away.
"""
import shutil
import subprocess
import sys

import measure

TARGETS = ("deadletter", "deadletter_bench")


def commands(tree, hash_, exists):
    """What is run for it, in this order."""
    steps = [] if exists else [["git", "worktree", "prune"], ["git", "worktree", "add", "--detach", str(tree), hash_]]
    steps.append(["cmake", "-S", str(tree), "--preset", "release"])
    return steps + [["cmake", "--build", str(tree / "build/release"), "--target", *TARGETS]]


def hash_of(revision):
    found = subprocess.run(["git", "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"],
                           cwd=measure.ROOT, capture_output=True, text=True, check=False)
    if found.returncode != 0:
        raise measure.Failed(f"'{revision}' is no revision of this project")
    return found.stdout.strip()


def built_revision(revision):
    """(its tree, a short name). What the steps print is shown when one fails."""
    for needed in ("git", "cmake", "valgrind"):
        if shutil.which(needed) is None:
            raise measure.Failed(f"{needed} is not installed")
    hash_ = hash_of(revision)
    tree = measure.ROOT / "build/bench" / hash_[:12]
    print(f"building {revision} ({hash_[:12]})", file=sys.stderr)
    for step in commands(tree, hash_, tree.exists()):
        measure.run(step, cwd=tree if step[0] == "cmake" else measure.ROOT)
    return tree, hash_[:12]
