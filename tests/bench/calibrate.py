#!/usr/bin/env python3
"""Measures what a run costs by its parts: the figures that experiments/run/forecast.cpp expects runs to cost.

Each figure is what one more costs: two sizes are run, and what does not depend on the size falls out. Time is processor
seconds of the run itself, memory the peak of the whole process, disk the sum of the files of the run's folder. All runs
are of the relay workload; messages to several recipients come out of a trace that is written for it.
"""
import argparse
import json
import tempfile
from pathlib import Path

import figures
import measure

SERVERS = (100, 400, 1000)  # of relay
MAILBOXES = (10, 200)  # on each of a hundred servers; each of them sends a message
FEW = 1_000  # messages, where something else is measured


def cost(program, sets, level="summary", file=measure.RELAY, repeat=1):
    """One run: {"run_s", "peak", "disk"}; of several the quickest, since what disturbs a run makes it only longer."""
    best = None
    for _ in range(repeat):
        with measure.room() as folder:
            words = [program, "run", file, "-q", "--format", "json", "--record", level, "--out", f"{folder}/run"]
            for one in sets:
                words += ["--set", one]
            said, spent = measure.run(words)
            disk = sum(path.stat().st_size for path in Path(folder, "run").rglob("*") if path.is_file())
        told = measure.parsed(said, program)
        now = {"run_s": told["cpu_s"], "peak": spent["peak_kib"] * 1024, "disk": disk, "hops": told["hops"],
               "messages": told["messages"], "recipients": told["recipients"]}
        if best is None or now["run_s"] < best["run_s"]:
            best = now
    return best


def one_more(small, large, what, by="messages"):
    return figures.each((small[by], small[what]), (large[by], large[what]))


def levels(program, sizes, fidelity, repeat):
    """What one more message costs at each level, in seconds, octets of memory and octets of disk."""
    found = {}
    for level in ("summary", "messages", "events"):
        few, many = (size // (10 if level == "events" else 1) for size in sizes)
        small, large = (cost(program, (f"messages={n}", f"fidelity={fidelity}"), level, repeat=repeat)
                        for n in (few, many))
        found[level] = {what: one_more(small, large, what) for what in ("run_s", "peak", "disk")}
        found[level]["hops"] = one_more(small, large, "hops")
    return found


def pairs(points):
    """(first, by n, by n * n) of a cost that has these values (n, cost) at three sizes."""
    (a, x), (b, y), (c, z) = points
    square = ((z - x) / (c - a) - (y - x) / (b - a)) / (c - b)
    slope = (y - x) / (b - a) - square * (a + b)
    return x - slope * a - square * a * a, slope, square


def base(program, repeat):
    """What a run takes before its first message: by itself, by server, by pair of servers and by mailbox."""
    sizes = [(n, cost(program, (f"messages={FEW}", f"servers={n}"), repeat=repeat)) for n in SERVERS]
    first, server, pair = pairs([(n, run["peak"]) for n, run in sizes])
    sent = f"messages={100 * max(MAILBOXES)}"
    low, high = ({"n": 100 * n, **cost(program, (sent, f"/generate/mailboxes={n}"), repeat=repeat)} for n in MAILBOXES)
    return {"program": first, "server": server, "pair": pair, "pair_s": pairs([(n, r["run_s"]) for n, r in sizes])[2],
            "mailbox": one_more(low, high, "peak", "n"), "mailbox_s": one_more(low, high, "run_s", "n"),
            "run_file": pairs([(n, run["disk"]) for n, run in sizes])[:2]}


def trace_experiment(folder, recipients, messages):
    """An experiment whose messages all have so many recipients, on one server."""
    lines = ["time,sender,recipients"]
    for n in range(messages):
        to = ";".join(str(1000 + (n + k) % 1000) for k in range(recipients))
        lines.append(f"{1_000_000_000 + n},{n % 1000},{to}")
    Path(folder, "mail.csv").write_text("\n".join(lines) + "\n")
    told = {"id": "many", "question": "What does one more recipient cost?", "horizon": "30d", "under_study": [],
            "topology": str(measure.ROOT / "topologies/internet_edge.json"), "seed": 1, "record": "summary",
            "traffic": [{"trace": "mail.csv", "senders": "contoso.com", "size": "10KB",
                         "recipients": [{"domain": "fabrikam.com", "share": 1}]}],
            "variants": {"base": {}}}
    path = Path(folder, f"many-{recipients}.json")
    path.write_text(json.dumps(told))
    return str(path)


def recipients(program, messages, repeat):
    """What one more recipient of a message costs at each level."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for level in ("summary", "messages", "events"):
            one, five = (cost(program, (), level, trace_experiment(folder, n, messages), repeat) for n in (1, 5))
            found[level] = {what: one_more(one, five, what, "recipients") for what in ("run_s", "peak", "disk")}
        found["planned"] = {}
        few = cost(program, (), "summary", trace_experiment(folder, 1, FEW), repeat)
        many = cost(program, (), "summary", trace_experiment(folder, 1, messages), repeat)
        found["planned"]["peak"] = one_more(few, many, "peak")
        found["planned"]["run_s"] = one_more(few, many, "run_s")
    return found


def show(found):
    lines = []
    for fidelity in ("dialogue", "session"):
        for level, own in found.get(fidelity, {}).items():
            lines.append((f"message, {fidelity}, {level}", f"{own['run_s'] * 1e6:.2f}", f"{own['peak']:.0f}",
                          f"{own['disk']:.0f}", f"{own['hops']:.2f}"))
    for level, own in found["recipient"].items():
        lines.append((f"further recipient, {level}" if level != "planned" else "message of a trace",
                      f"{own['run_s'] * 1e6:.2f}", f"{own['peak']:.0f}", f"{own.get('disk', 0):.0f}", ""))
    own = found["base"]
    lines += [("server", "", f"{own['server']:.0f}", f"{own['run_file'][1]:.0f}", ""),
              ("pair of servers", f"{own['pair_s'] * 1e6:.2f}", f"{own['pair']:.0f}", "", ""),
              ("mailbox", f"{own['mailbox_s'] * 1e6:.2f}", f"{own['mailbox']:.0f}", "", ""),
              ("program", "", f"{own['program']:.0f}", f"{own['run_file'][0]:.0f}", "")]
    print("\n".join(figures.table(["one more", "cpu us", "memory octets", "disk octets", "hops"], lines)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build/release", help="folder of deadletter")
    parser.add_argument("--sizes", nargs=2, type=figures.size, default=(20_000, 120_000), metavar="N",
                        help="messages of the two runs that are compared; a tenth of them at level events")
    parser.add_argument("--repeat", type=int, default=1, help="runs of each, of which the quickest counts")
    options = parser.parse_args()
    program = Path(options.build, "deadletter").resolve()
    try:
        found = {"base": base(program, options.repeat)}
        for fidelity in ("dialogue", "session"):
            if measure.refusal(program, (f"fidelity={fidelity}",)) is None:
                found[fidelity] = levels(program, options.sizes, fidelity, options.repeat)
        found["recipient"] = recipients(program, options.sizes[0], options.repeat)
    except measure.Failed as failed:
        raise SystemExit(str(failed)) from None
    show(found)
    measure.write("calibrate", found)


if __name__ == "__main__":
    main()
