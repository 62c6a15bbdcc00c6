"""What a change did: instructions by callgrind, and processor time by paired runs, of two programs.

Instructions of a whole process repeat nearly to the last one, so a small difference is a difference; time says what
they are worth on this machine, as the median of the ratios of pairs with an interval by the sign test. Programs whose
fingerprints differ did not do the same work, and the table says so.
"""
import re
from dataclasses import dataclass
from pathlib import Path

import figures
import measure
from builds import built_revision

ARTICLE = "experiments/articles/kb912341_multiline_354.json"
CACHED_DAY = "experiments/scale/cached_day.json"
MET = ("mailboxes=50", "/variants/base/expect/0/value=>0")  # of cached_day: fewer people, so fewer messages arrive
PARTS_ROUNDS = 3
SURE = 0.95  # six pairs at least
MOST_WORDS = 90  # of a refusal that a row quotes


@dataclass
class Case:
    """`small` is what callgrind sees, fifty times as slow; `large` is what is timed."""
    name: str
    file: str
    small: tuple
    large: tuple
    options: tuple = ()


CASES = [Case("relay", measure.RELAY, ("messages=3000",), ("messages=30000",)),
         Case("relay, session", measure.RELAY, ("messages=3000", "fidelity=session"),
              ("messages=30000", "fidelity=session")),
         Case("article", ARTICLE, (), (), ("--variant", "unfixed")),
         Case("cached_day", CACHED_DAY, ("messages=3000", *MET), ("messages=30000", *MET)),
         Case("load 1,000 servers", measure.RELAY, ("messages=1000", "servers=1000"),
              ("messages=1000", "servers=1000"))]


@dataclass
class Side:
    label: str
    program: Path
    tree: Path  # the experiments are this tree's

    def once(self, case, sets):
        return measure.experiment(self.program, case.file, sets, case.options, self.tree)


def instructions(side, case, kept):
    """Instructions of one whole process. callgrind's file stays in the folder `kept`, for callgrind_annotate."""
    kept.mkdir(parents=True, exist_ok=True)
    file = kept / f"{re.sub('[^a-z0-9]+', '-', case.name)}.{side.label}.callgrind"
    with measure.room() as folder:
        words = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={file}", side.program, "run", case.file, "-q",
                 "--format", "json", "--out", f"{folder}/run", *case.options]
        for one in case.small:
            words += ["--set", one]
        measure.run(words, side.tree)
    return counted(file.read_text())


def counted(text):
    """The sum that callgrind writes at the end of its file."""
    found = re.search(r"^(?:totals|summary): (\d+)", text, re.MULTILINE)
    if not found:
        raise measure.Failed("callgrind left no sum")
    return int(found.group(1))


def paired(old, new, case, rounds, progress):
    """Runs of both sides, one after the other and each first as often: [(old, new)]."""
    pairs = []
    for number in range(rounds):
        progress.step(f"{case.name}: time, pair {number + 1} of {rounds}")
        if number % 2 == 0:
            one = old.once(case, case.large)
            pairs.append((one, new.once(case, case.large)))
        else:
            one = new.once(case, case.large)
            pairs.append((old.once(case, case.large), one))
    return pairs


def same_prints(pairs):
    """Whether all runs of both sides have one fingerprint; a side that has several is not deterministic."""
    sides = [sorted({run["fingerprint"] for run in runs}) for runs in zip(*pairs)]
    for prints in sides:
        if len(prints) > 1:
            raise measure.Failed(f"equal runs have the fingerprints {', '.join(prints)}: not deterministic")
    return sides[0] == sides[1], [prints[0] for prints in sides]


def compared(old, new, case, rounds, kept, progress):
    counts = []
    for side in (old, new):
        progress.step(f"{case.name}: instructions, {side.label}")
        counts.append(instructions(side, case, kept))
    pairs = paired(old, new, case, rounds, progress)
    ratios = [b["whole_s"] / a["whole_s"] for a, b in pairs]
    low, high, sure = figures.median_interval(ratios)
    same, prints = same_prints(pairs)
    return {"case": case.name, "instructions": counts, "instructions_ratio": counts[1] / counts[0],
            "whole_s": [figures.summary([run["whole_s"] for run in runs]) for runs in zip(*pairs)],
            "time_ratio": figures.summary(ratios), "interval": [low, high], "sure": sure,
            "peak_kib": [max(run["peak_kib"] for run in runs) for runs in zip(*pairs)],
            "fingerprints": prints, "same": same}


def verdict(row):
    low, high = row["interval"]
    if row["sure"] < SURE:  # else two runs of one program would be told apart every other time
        return "too few pairs"
    return "faster" if high < 1 else "slower" if low > 1 else "no difference seen"


def show(rows, left_out, old, new):
    print(f"\n{old.label}, and now {new.label}\n")
    cells = []
    for row in rows:
        low, high = row["interval"]
        peaks = row["peak_kib"]
        cells.append([row["case"], f"{row['instructions'][0] / 1e6:.1f}", f"{row['instructions'][1] / 1e6:.1f}",
                      f"{100 * (row['instructions_ratio'] - 1):+.2f} %", f"{row['whole_s'][0]['median']:.3f}",
                      f"{row['whole_s'][1]['median']:.3f}", figures.percent(row["time_ratio"]["median"]),
                      f"({figures.percent(low)} to {figures.percent(high)})", verdict(row),
                      figures.percent(peaks[1] / peaks[0]), "same" if row["same"] else "DIFFERS"])
    heads = ["", "M instr", "now", "change", "cpu s", "now", "change", "<(interval)", "<", "memory", "<fingerprint"]
    print("\n".join(figures.table(heads, cells)))
    if rows:
        print(f"  times: median of {len(rows[0]['time_ratio']['runs'])} pairs; the intervals hold the true median with "
              f"{100 * min(row['sure'] for row in rows):.0f} % at least")
    for row in rows:
        if not row["same"]:
            print(f"  {row['case']}: {row['fingerprints'][0]} became {row['fingerprints'][1]}: not the same work")
    for line in left_out:
        print(f"  left out: {line}")


def part_times(build):
    said, _ = measure.run([f"{build}/deadletter_bench", "--benchmark_format=json", "--benchmark_min_time=0.05"])
    told = measure.parsed(said, "deadletter_bench")["benchmarks"]
    return {part["name"]: part["cpu_time"] for part in told if not part.get("error_occurred")}


def compared_parts(old, new, progress):
    """The engine's parts, when both sides have the program for that: the best of a few rounds, in turns."""
    folders = [side.program.parent for side in (old, new)]
    if not all((folder / "deadletter_bench").exists() for folder in folders):
        return []
    best = [{}, {}]
    for number in range(PARTS_ROUNDS):
        for side, folder in enumerate(folders):
            progress.step(f"parts, round {number + 1} of {PARTS_ROUNDS}")
            for name, ns in part_times(folder).items():
                best[side][name] = min(ns, best[side].get(name, ns))
    return [{"part": name, "ns": [best[0][name], best[1][name]]} for name in best[1] if name in best[0]]


def show_parts(parts):
    if not parts:
        return
    print(f"\nparts: the best of {PARTS_ROUNDS} rounds\n")
    cells = [[p["part"], f"{p['ns'][0]:.1f}", f"{p['ns'][1]:.1f}", figures.percent(p["ns"][1] / p["ns"][0])]
             for p in parts]
    print("\n".join(figures.table(["", "ns", "now", "change"], cells)))


def usable(case, sides):
    """Why a case cannot be compared: what a side does not take, has no file of or does not meet; None if both do.

    Asked before anything is measured, so that what an old revision cannot do costs its case and not all others.
    """
    for side in sides:
        why = measure.refusal(side.program, case.small, case.file, case.options, side.tree)
        if why is not None:
            return f"{case.name}: {side.label} says {why[:MOST_WORDS]}"
    return None


def compare(build, revision, programs, names, rounds):
    if programs:
        old, new = (Side(label, Path(program).resolve(), measure.ROOT) for label, program in zip("AB", programs))
    else:
        new = Side("present", (Path(build) / "deadletter").resolve(), measure.ROOT)
        measure.version(new.program)  # it is there: known before a build of many minutes
        tree, label = built_revision(revision)
        old = Side(label, tree / "build/release/deadletter", tree)
    facts = measure.machine()
    versions = {side.label: measure.version(side.program) for side in (old, new)}
    chosen = [case for case in CASES if not names or case.name in names]
    reasons = {case.name: usable(case, (old, new)) for case in chosen}
    left_out = [why for why in reasons.values() if why]
    chosen = [case for case in chosen if not reasons[case.name]]
    progress = measure.Progress(len(chosen) * (2 + rounds) + 2 * PARTS_ROUNDS)
    kept = measure.ROOT / "build/bench/callgrind"
    rows = [compared(old, new, case, rounds, kept, progress) for case in chosen]
    parts = [] if names else compared_parts(old, new, progress)
    progress.end()
    show(rows, left_out, old, new)
    show_parts(parts)
    print(f"\nwhere the instructions went: callgrind_annotate {kept.relative_to(measure.ROOT)}/CASE.SIDE.callgrind")
    measure.write("compare", {"kind": "compare", "sides": [old.label, new.label], "programs": versions,
                              "machine": facts, "rows": rows, "parts": parts, "left_out": left_out})
