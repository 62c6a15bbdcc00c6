"""The relay workload with the whole model beside its floor, a bare event loop, in one run.

Each run of Deadletter follows one of the floor; a ratio is one of these two runs, so that what else the machine does
weighs on both. Counts of retries and reports must be near the floor's, or the work would not be the same.
"""
from dataclasses import dataclass

import figures
import measure

WAITING_SIZES = (100_000, 1_600_000)  # far apart: memory comes in pages of 2 MiB
MOST_APART = 0.01  # of counts: the draws are not the floor's, so they are close but not equal


@dataclass
class Row:
    name: str
    sets: tuple = ()
    options: tuple = ()
    asked: float = 0.0  # at most this many times the floor, with a million messages; 0 = nothing is asked
    over: str = ""  # the row whose cost this one is also compared with …
    asked_over: float = 0.0  # … and what is asked then


def rows_for(program):
    """The rows that the program can do, and what is left out and why."""
    rows = [Row("full dialogue", ("sharing=shared",), asked=4)]
    session, left_out = ("fidelity=session",), []
    why = measure.refusal(program, session)
    if why is None:
        rows.append(Row("session", ("sharing=shared", *session), asked=2.4))
        best = "session"
    else:
        session, best = (), "full dialogue"
        left_out = [f"session fidelity is left out, and the other rows are full dialogue: this program says {why}"]
    rows.append(Row(f"{best}, flow", ("sharing=flow", *session)))
    rows.append(Row(f"{best}, content", ("sharing=shared", "/traffic/0/content=note", *session)))
    rows.append(Row(f"{best}, record messages", ("sharing=shared", *session), ("--record", "messages"), over=best,
                    asked_over=1.6))
    return rows, left_out


def default_rounds(messages):
    return 5 if messages <= 100_000 else 3 if messages <= 1_000_000 else 1


def measure_rows(build, messages, rows, rounds, progress):
    """Of each row its runs, and of each of these the floor's run before it."""
    runs = {row.name: [] for row in rows}
    for number in range(rounds):
        for row in rows:
            progress.step(f"{figures.number(messages)} messages, round {number + 1} of {rounds}: {row.name}")
            base = measure.floor(build, messages)
            sets = (f"messages={messages}", *row.sets)
            runs[row.name].append((base, measure.experiment(f"{build}/deadletter", measure.RELAY, sets, row.options)))
    return runs


def one_fingerprint(name, own):
    prints = sorted({run["fingerprint"] for run in own})
    if len(prints) > 1:
        raise measure.Failed(f"{name}: equal runs have the fingerprints {', '.join(prints)}: not deterministic")
    return prints[0]


def judged(messages, row, pairs, others):
    own = [run for _, run in pairs]
    run_s = figures.summary([run["run_s"] for run in own])
    result = {"messages": messages, "name": row.name, "run_s": run_s,
              "x_floor": figures.summary([run["run_s"] / base["run_s"] for base, run in pairs]),
              "whole_s": figures.summary([run["whole_s"] for run in own]), "peak_kib": max(r["peak_kib"] for r in own),
              "messages_per_s": round(messages / run_s["median"]), "fingerprint": one_fingerprint(row.name, own),
              "fates_fingerprint": own[0]["fates_fingerprint"], "counts": own[0]["counts"],
              "floor_counts": pairs[0][0]["counts"]}
    if row.asked and messages >= 1_000_000:
        result["asked"] = row.asked
    if row.over:
        ratios = [run["whole_s"] / other["whole_s"] for run, (_, other) in zip(own, others[row.over])]
        result["over"] = {"row": row.over, "asked": row.asked_over, "x": figures.summary(ratios)}
    return result


def floor_row(messages, runs):
    bases = [base for pairs in runs.values() for base, _ in pairs]
    run_s = figures.summary([base["run_s"] for base in bases])
    return {"messages": messages, "name": "floor", "run_s": run_s,
            "x_floor": figures.summary([value / run_s["median"] for value in run_s["runs"]]),
            "whole_s": figures.summary([base["whole_s"] for base in bases]),
            "peak_kib": max(base["peak_kib"] for base in bases),
            "messages_per_s": round(messages / run_s["median"]), "fingerprint": "", "counts": bases[0]["counts"]}


def counts_apart(rows):
    """Counts too far from the floor's, each said once: with the rows that it holds for, or for all."""
    held_by = {}
    for row in rows:
        for what, count in row["counts"].items():
            base = row["floor_counts"][what]
            if figures.apart(count, base) > MOST_APART:
                held_by.setdefault((what, count, base), []).append(row["name"])
    lines = []
    for (what, count, base), names in held_by.items():
        who = "every row" if len(names) == len(rows) else "; ".join(names)
        lines.append(f"{who}: {figures.number(count)} {what}, the floor {figures.number(base)}: "
                     f"{100 * figures.apart(count, base):.1f} % apart")
    return lines


def notes(results):
    """What has to be said under the table: counts too far from the floor's, what recording costs, equal fates."""
    rows = [row for row in results if row["name"] != "floor"]
    lines = counts_apart(rows)
    for row in rows:
        if "over" in row:
            x = row["over"]["x"]
            lines.append(f"{row['name']}: {x['median']:.2f} ({x['low']:.2f} to {x['high']:.2f}) times the whole of "
                         f"{row['over']['row']}; asked: at most {row['over']['asked']}")
    named = {row["name"]: row for row in rows}
    if "session" in named:
        same = named["session"]["fates_fingerprint"] == named["full dialogue"]["fates_fingerprint"]
        lines.append(f"fates of session and of full dialogue: {'the same' if same else 'NOT THE SAME'}")
    return lines


def show(results):
    heads = ["", "cpu s", "x floor", "<(low to high)", "<asked", "whole s", "peak MiB", "messages/s", "<fingerprint"]
    cells = []
    for row in results:
        x = row["x_floor"]
        asked = f"<= {row['asked']:g}, {'held' if x['median'] <= row['asked'] else 'missed'}" if "asked" in row else ""
        cells.append([row["name"], f"{row['run_s']['median']:.3f}", f"{x['median']:.2f}",
                      f"({x['low']:.2f} to {x['high']:.2f})", asked, f"{row['whole_s']['median']:.2f}",
                      f"{row['peak_kib'] / 1024:.0f}", figures.number(row["messages_per_s"]), row["fingerprint"]])
    print("\n".join(figures.table(heads, cells)))
    for line in notes(results):
        print(f"  {line}")


def waiting(build, rows, progress):
    """Octets for a message that waits: every server refuses all mail of others, and the run ends while it waits."""
    held = ("/horizon=5m", "/traffic/0/uniform/over=5m", "/attributes/S*/smtp.server.back_pressure=high")
    found = {"floor": []}
    for messages in WAITING_SIZES:
        progress.step(f"{figures.number(messages)} messages that wait: floor")
        run = measure.floor(build, messages, "--day=300", "--until=300", "--all-dead")
        found["floor"].append((run["waiting"], run["peak_kib"] * 1024))
        for row in rows:
            if row.name not in ("full dialogue", "session"):
                continue
            progress.step(f"{figures.number(messages)} messages that wait: {row.name}")
            run = measure.experiment(f"{build}/deadletter", measure.RELAY, (f"messages={messages}", *row.sets, *held))
            found.setdefault(row.name, []).append((run["waiting"], run["peak_kib"] * 1024))
    return [{"name": name, "waiting": [n for n, _ in pair], "octets_each": round(figures.each(*pair)), "asked": 200}
            for name, pair in found.items()]


def show_waiting(results):
    print("\na message that waits, from the peaks of two runs that end with all mail in queues\n")
    cells = [[row["name"], " and ".join(figures.number(n) for n in row["waiting"]), row["octets_each"],
              "" if row["name"] == "floor" else
              f"<= {row['asked']}, {'held' if row['octets_each'] <= row['asked'] else 'missed'}"] for row in results]
    print("\n".join(figures.table(["", "messages waiting", "octets each", "<asked"], cells)))


def bench(build, sizes, rounds):
    facts, program = measure.machine(), measure.version(f"{build}/deadletter")
    rows, left_out = rows_for(f"{build}/deadletter")
    rounds_of = {n: rounds or default_rounds(n) for n in sizes}
    waiting_runs = len(WAITING_SIZES) * (1 + sum(row.name in ("full dialogue", "session") for row in rows))
    progress = measure.Progress(sum(rounds_of[n] * len(rows) for n in sizes) + waiting_runs)
    for line in left_out:
        print(f"{line[0].upper()}{line[1:]}.")
    everything = []
    for messages in sizes:
        runs = measure_rows(build, messages, rows, rounds_of[messages], progress)
        progress.end()
        results = [floor_row(messages, runs)] + [judged(messages, row, runs[row.name], runs) for row in rows]
        times = f"median of {rounds_of[messages]} rounds" if rounds_of[messages] > 1 else "one round"
        print(f"\nrelay, {figures.number(messages)} messages, 100 servers: {times}, each run after one of the floor\n")
        show(results)
        everything += results
    held = waiting(build, rows, progress)
    progress.end()
    show_waiting(held)
    measure.write("relay", {"kind": "relay", "program": program, "machine": facts,
                            "rounds": {str(n): k for n, k in rounds_of.items()}, "left_out": left_out,
                            "rows": everything, "waiting": held})
