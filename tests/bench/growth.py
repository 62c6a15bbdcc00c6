"""How processor time and memory grow with the messages and with the servers of the relay workload: exponents.

In messages: 100 servers, the run phase, whose start-up would make small runs look dear. In servers: twice, the whole
process, since loading and binding an organization is what grows: with 100 messages a server (more servers, more work),
and with as many messages whatever the servers are (what a server costs by being there).
"""
import figures
import measure

MESSAGES = (10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000)
# Squares: so many groups of so many servers, and no hub has a number that takes nothing (37 of every hundred), which
# would return all mail for its group and make another workload of it.
SERVERS = (100, 324, 1_024, 3_025, 10_000)
EACH, IN_ALL = 100, 100_000  # messages a server, messages whatever the servers are
# The exponent is of the upper part: below, what does not grow with the size still counts.
UPPER_MESSAGES, UPPER_SERVERS = 100_000, 324
ASKED_MESSAGES, ASKED_SERVERS = 1.1, 1.2


def rounds_for(messages):
    return 5 if messages <= 30_000 else 3 if messages <= 300_000 else 1


def point(program, messages, servers, sets, cost, progress, what):
    """One size: the median cost of as many rounds as a run of that size can be given."""
    runs = []
    for number in range(rounds_for(messages)):
        progress.step(f"{what}: {figures.number(messages)} messages, {figures.number(servers)} servers, "
                      f"round {number + 1}")
        runs.append(measure.experiment(program, measure.RELAY, (f"messages={messages}", f"servers={servers}", *sets)))
    return {"messages": messages, "servers": servers, "cpu_s": figures.summary([run[cost] for run in runs]),
            "peak_kib": max(run["peak_kib"] for run in runs), "waiting": runs[0]["waiting"],
            "fingerprint": runs[0]["fingerprint"]}


def fitted(points, by, upper, asked):
    """The exponent of the points from `upper` on, or of all when that leaves fewer than two."""
    part = [p for p in points if p[by] >= upper]
    if len({p[by] for p in part}) < 2:
        part = points
    value, error = figures.exponent([(p[by], p["cpu_s"]["median"]) for p in part])
    return {"of": by, "exponent": value, "error": error, "from": part[0][by], "to": part[-1][by], "asked": asked}


def judgement(fit):
    """What is asked of it; judged when the sizes go as far as the demand does."""
    if fit["asked"] is None:
        return ""
    top = (MESSAGES if fit["of"] == "messages" else SERVERS)[-1]
    said = f"; asked: at most {fit['asked']} up to {figures.number(top)}"
    if fit["to"] < top:
        return said
    return f"{said}, {'held' if fit['exponent'] <= fit['asked'] else 'missed'}"


def show(title, points, fit, by):
    print(f"\n{title}\n")
    cells = []
    for p in points:
        cpu = p["cpu_s"]
        cells.append([figures.number(p[by]), figures.number(p["messages"]), f"{cpu['median']:.3f}",
                      f"({cpu['low']:.3f} to {cpu['high']:.3f})" if len(cpu["runs"]) > 1 else "(one run)",
                      f"{1e6 * cpu['median'] / p['messages']:.2f}", f"{p['peak_kib'] / 1024:.0f}"])
    heads = [by, "messages", "cpu s", "<(low to high)", "us a message", "peak MiB"]
    if by == "messages":  # said once
        heads, cells = heads[1:], [row[1:] for row in cells]
    print("\n".join(figures.table(heads, cells)))
    error = "" if fit["error"] is None else f" +- {fit['error']:.3f}"
    print(f"  exponent from {figures.number(fit['from'])} to {figures.number(fit['to'])}: "
          f"{fit['exponent']:.3f}{error}{judgement(fit)}")


def growth(build, most_messages, most_servers):
    program = f"{build}/deadletter"
    facts, version = measure.machine(), measure.version(program)
    sets = ("fidelity=session",)
    why = measure.refusal(program, sets)
    if why is not None:
        sets = ()
        print(f"Full dialogue: session fidelity is left out, this program says {why}.")
    fidelity = "session" if sets else "full dialogue"
    by_messages = [n for n in MESSAGES if n <= most_messages]
    by_servers = [n for n in SERVERS if n <= most_servers]
    plan = [("messages", f"in messages: 100 servers, {fidelity}, run phase", "run_s", ASKED_MESSAGES,
             [(n, 100) for n in by_messages]),
            ("servers", f"in servers: {EACH} messages a server, {fidelity}, whole process", "whole_s", ASKED_SERVERS,
             [(n * EACH, n) for n in by_servers]),
            ("servers", f"in servers: {figures.number(IN_ALL)} messages in all, {fidelity}, whole process", "whole_s",
             None, [(IN_ALL, n) for n in by_servers])]
    progress = measure.Progress(sum(rounds_for(n) for *_, cells in plan for n, _ in cells))
    tables = []
    for by, title, cost, asked, cells in plan:
        if len(cells) < 2:
            print(f"\n{title}: needs two sizes at least")
            continue
        points = [point(program, n, servers, sets, cost, progress, title.split(":")[0]) for n, servers in cells]
        progress.end()
        fit = fitted(points, by, UPPER_MESSAGES if by == "messages" else UPPER_SERVERS, asked)
        show(title, points, fit, by)
        tables.append({"title": title, "fit": fit, "points": points})
    measure.write("growth", {"kind": "growth", "program": version, "machine": facts, "tables": tables})
