"""The relay workload with the whole model beside its floor, a bare event loop, in one run: processor seconds and counts.

    python3 tests/bench/relay.py BUILD_FOLDER [MESSAGES]
"""
import json
import subprocess
import sys
import tempfile

EXPERIMENT = "experiments/scale/relay.json"


def floor(build, messages):
    out = subprocess.run([f"{build}/relay_floor", f"--messages={messages}"], capture_output=True, text=True, check=True)
    said = json.loads(out.stdout)
    return {"name": "floor", "cpu": said["cpu_s"], "returned": said["ndr"], "hops": said["hops"],
            "attempts": said["attempts"]}


def deadletter(build, messages, sharing, content=None):
    with tempfile.TemporaryDirectory() as folder:
        out = subprocess.run([f"{build}/deadletter", "run", EXPERIMENT, "-q", "--format", "json", "--out", f"{folder}/run",
                              "--set", f"messages={messages}", "--set", f"sharing={sharing}"] +
                             (["--set", f"/traffic/0/content={content}"] if content else []),
                             capture_output=True, text=True, check=True)
    said = json.loads(out.stdout)
    return {"name": f"deadletter, {sharing}{', content' if content else ''}", "cpu": said["cpu_s"], "returned": said["fates"]["returned"],
            "hops": said["hops"], "attempts": said["attempts"], "fingerprint": said["fingerprint"]}


def main():
    build, messages = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    rows = [floor(build, messages)] + [deadletter(build, messages, sharing) for sharing in ("shared", "flow")]
    rows.append(deadletter(build, messages, "shared", "note"))
    base = rows[0]
    print(f"relay, {messages} messages, full SMTP dialogue\n")
    print(f"{'':29}{'cpu s':>9}{'x floor':>9}{'returned':>10}{'hops':>10}{'attempts':>10}  fingerprint")
    for row in rows:
        print(f"{row['name']:29}{row['cpu']:9.2f}{row['cpu'] / base['cpu']:9.1f}{row['returned']:10}{row['hops']:10}"
              f"{row['attempts']:10}  {row.get('fingerprint', '')}")
        for what in ("returned", "hops", "attempts"):
            apart = abs(row[what] - base[what]) / base[what]
            if apart > 0.01:
                print(f"  {what} {100 * apart:.1f} % from the floor's")


main()
