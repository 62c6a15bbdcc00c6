"""Builds a revision of the project beside the present tree: build/bench/<its hash>, a work tree of git's.

A hash names one content for ever, so a tree that is there is used again; `git worktree remove` takes it away.
"""
import shutil
import subprocess
import sys

import measure

TARGETS = ("deadletter", "deadletter_bench")  # the second one where the revision has it


def tree_commands(tree, hash_, exists):
    """What is run for the tree, in this order."""
    if exists:
        return []
    return [["git", "worktree", "prune"], ["git", "worktree", "add", "--detach", str(tree), hash_]]


def configure_command(tree):
    return ["cmake", "-S", str(tree), "--preset", "release"]


def build_command(tree, known):
    """`known` is what ninja says of its targets, "NAME: RULE" a line."""
    names = {line.split(":")[0] for line in known.splitlines()}
    return ["cmake", "--build", str(tree / "build/release"), "--target", *(t for t in TARGETS if t in names)]


def git(*words, cwd=None):
    """What git prints, or None when it refuses."""
    found = subprocess.run(["git", *words], cwd=cwd or measure.ROOT, capture_output=True, text=True, check=False)
    return found.stdout.strip() if found.returncode == 0 else None


def hash_of(revision):
    found = git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if found is None:
        raise measure.Failed(f"'{revision}' is no revision of this project")
    return found


def require_untouched(tree, hash_):
    """A tree that was left half made, or edited, is no longer the revision that its name says."""
    own = git("rev-parse", "--show-toplevel", cwd=tree) == str(tree.resolve())  # else git has found the one around it
    if own and git("rev-parse", "HEAD", cwd=tree) == hash_ and git("status", "--porcelain", "-uno", cwd=tree) == "":
        return
    name = tree.relative_to(measure.ROOT)
    raise measure.Failed(f"{name} is not what the revision is: remove it, then run this again\n"
                         f"  git worktree remove --force {name} || rm -r {name}")


def step(command, cwd):
    """A step that may take long: it shows itself on a terminal, elsewhere only what it said when it fails."""
    if not sys.stdout.isatty():
        measure.run(command, cwd)
    elif subprocess.run(command, cwd=cwd, check=False).returncode != 0:
        raise measure.Failed(f"{' '.join(command)}\nfailed")


def built_revision(revision):
    """(its tree, a short name). What the steps print is shown when one fails."""
    for needed in ("git", "cmake", "ninja", "valgrind"):
        if shutil.which(needed) is None:
            raise measure.Failed(f"{needed} is not installed")
    hash_ = hash_of(revision)
    tree = measure.ROOT / "build/bench" / hash_[:12]
    print(f"building {revision} ({hash_[:12]})", file=sys.stderr)
    for command in tree_commands(tree, hash_, tree.exists()):
        measure.run(command)
    require_untouched(tree, hash_)
    step(configure_command(tree), tree)
    known, _ = measure.run(["ninja", "-C", str(tree / "build/release"), "-t", "targets", "all"], tree)
    step(build_command(tree, known), tree)
    return tree, hash_[:12]
