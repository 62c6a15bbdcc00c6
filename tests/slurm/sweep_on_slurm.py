"""A sweep on a real Slurm of one node, with a task and the node killed on the way, equals the sweep done without it.

  sweep_on_slurm.py PROGRAM EXPERIMENT

Exit status: 0 every claim held (each is printed), 1 one did not, 77 Slurm is not installed here.
"""
import json
import pathlib
import shutil
import subprocess
import sys
import time

sys.dont_write_bytecode = True

from cluster import Cluster, missing, until  # noqa: E402

# A task lasts so long that it can be killed in the middle, on a fast machine and under sanitizers alike.
SECONDS_A_TASK = 2.0
TASKS = 6


class Story:
    def __init__(self, cluster, program, experiment):
        self.cluster, self.program = cluster, program
        # Names that a shell, sbatch's options and sbatch's patterns of file names would each read otherwise.
        self.folder = cluster.folder / "a user's \"sweeps\" $HOME 100%A"
        self.folder.mkdir()
        self.plan = self.folder / "a plan.json"
        self.local, self.out = self.folder / "local", self.folder / "on slurm"
        self.begun = time.monotonic()
        self.write_plan(experiment, seeds=3)
        self.sweep(self.folder / "a few", "-q", "-j", "1")
        seconds_a_run = (time.monotonic() - self.begun) / 6
        self.runs_a_task = max(6, min(60, 2 * round(SECONDS_A_TASK / seconds_a_run / 2)))
        self.runs = TASKS * self.runs_a_task
        self.write_plan(experiment, seeds=self.runs // 2)
        self.say(f"{seconds_a_run:.3f} s a run, so {TASKS} tasks of {self.runs_a_task} runs")

    def write_plan(self, experiment, seeds):
        self.plan.write_text(json.dumps({"id": "on_slurm", "experiment": experiment, "variants": ["unfixed", "hotfix"],
                                         "seeds": f"1..{seeds}", "check_share": 0.1}))

    def sweep(self, out, *words, status=0):
        """What it printed; the exit status must be that."""
        said = self.cluster.run(self.program, "sweep", str(self.plan), "--out", str(out), *words)
        claim(said.returncode == status, f"status {said.returncode}, not {status}: {said.stdout}{said.stderr}")
        return said.stdout + said.stderr

    def on_slurm(self, *words):
        return self.sweep(self.out, "--engine", "slurm", "--cells-per-task", str(self.runs_a_task), *words)

    def state(self):
        """--status as JSON."""
        said = self.cluster.run(self.program, "sweep", str(self.plan), "--out", str(self.out), "--status", "--format",
                                "json")
        return json.loads(said.stdout)

    def done_of(self, task, batch=1):
        lines = (self.out / "slurm" / f"batch-{batch}.cells").read_text().splitlines()
        return [key for key in lines[int(task) - 1].split(",") if (self.out / "cells" / key).exists()]

    def partly_done(self, tasks):
        """Of these tasks, those that have done some of their runs, and half of them at the most."""
        return [task for task in tasks if 1 <= len(self.done_of(task)) <= self.runs_a_task // 2]

    def running(self):
        return [task for (_, task), state in self.cluster.tasks().items() if state == "RUNNING"]

    def say(self, what):
        print(f"{time.monotonic() - self.begun:5.1f} s  {what}", flush=True)


def claim(holds, otherwise):
    if not holds:
        raise AssertionError(otherwise)


def files(folder):
    """Every file of the runs and of the tables, by its path."""
    names = [p.relative_to(folder) for p in folder.glob("cells/**/*") if p.is_file()]
    return sorted(str(n) for n in names) + ["sweep.sqlite", "sweep.md", "sweep.html"]


def differences(folder, other):
    """Files that are not in both, or not the same octet for octet."""
    both = sorted(set(files(folder)) | set(files(other)))
    return [n for n in both if not ((folder / n).is_file() and (other / n).is_file()
                                    and (folder / n).read_bytes() == (other / n).read_bytes())]


def refuses_what_cannot_be(story):
    said = story.sweep(story.out, "--engine", "slurm", "--partition", "main,fast", status=2)
    claim("the cluster has no partition \"fast\"" in said and "valid: main, spare" in said, said)
    said = story.sweep(story.out, "--engine", "slurm", "--memory", "9000GB", status=2)
    claim("sbatch" in said and "emory" in said, said)
    claim(not list(story.out.glob("slurm/batch-*")), "what was refused has left a batch")
    claim(not story.cluster.live(), "something was submitted")
    story.say("an unknown partition and more memory than any node has are refused, and nothing is submitted")


def submits(story):
    said = story.on_slurm("--requeue", "--time", "10m", "--memory", "500MB", "--partition", "main")
    claim(f"submitted {story.runs} runs in {TASKS} tasks: job " in said, said)
    jobs = json.loads((story.out / "slurm" / "jobs.json").read_text())
    claim([a["tasks"] for a in jobs["arrays"]] == [TASKS] and jobs["arrays"][0]["job"], jobs)
    said = story.on_slurm("--requeue")
    claim("submitted" not in said and "of earlier jobs under way" in said, said)
    story.say(f"{story.runs} runs are submitted as {TASKS} tasks; the same command again submits nothing")
    return jobs["arrays"][0]["job"]


def kills_a_task(story, job):
    task = until("no task has done a part", lambda: story.partly_done(story.running()), pause=0.02)[0]
    story.cluster.run("scancel", "--signal=KILL", f"{job}_{task}")
    until("the task has not ended", lambda: story.cluster.tasks().get((job, task)) == "CANCELLED")
    left = story.runs_a_task - len(story.done_of(task))
    claim(0 < left < story.runs_a_task, f"{left} runs left: the task was not killed in the middle")
    seen = story.state()["slurm"]
    lost = [entry for entry in seen["lost"] if entry["task"] == int(task)]
    claim(lost and lost[0]["state"] == "CANCELLED" and lost[0]["runs"] == left, seen)
    claim(pathlib.Path(lost[0]["log"]).is_file(), f"there is no log {lost[0]['log']}")
    story.say(f"task {task} was killed: {left} of its {story.runs_a_task} runs are lost, its log is named")
    return task, left


def crashes_the_node(story, job, killed):
    tasks = until("no task has done a part", lambda: story.partly_done(set(story.running()) - {killed}),
                  pause=0.02)
    story.cluster.crash_node()
    done = {task: len(story.done_of(task)) for task in tasks}
    until("the node is not down", lambda: "down" in story.cluster.node())
    story.cluster.start_node()
    until("a task was not requeued", lambda: all(
        story.cluster.tasks().get((job, t)) in ("RUNNING", "COMPLETING", "COMPLETED") for t in tasks))
    story.say("slurmd and all below it were killed; with the node back, Slurm began anew "
              + ", ".join(f"task {t} ({n} runs were done)" for t, n in done.items()))
    return tasks


def ends(story, killed, left, crashed, job):
    until("tasks go on", lambda: not story.cluster.live(), 300)
    seen = story.state()["slurm"]
    claim(seen["runs"]["done"] == story.runs - left and seen["runs"]["lost"] == left and seen["runs"]["failed"] == 0, seen)
    for task in crashed:
        log = (story.out / "slurm" / "logs" / f"{job}_{task}.log").read_text()
        claim("attempt 1 on" in log and "attempt 2 on" in log, log)
    story.say(f"all else came to its end; --status counts {story.runs - left} done and {left} lost")
    said = story.on_slurm("--wait")
    claim(f"submitted {left} run" in said and f"{story.runs} done" in said, said)
    claim([k for k in story.done_of(1, batch=2)] and not list(story.out.glob("slurm/batch-3*")), "another batch came")
    claim(not [p for p in story.out.glob("cells/*.*")], "something half done is left")
    story.say(f"the same command submitted those {left}, waited for them and made the tables")


def equals_the_local_one(story):
    story.sweep(story.local, "-q")
    claim(len(files(story.local)) == story.runs * 2 + 3, files(story.local))
    different = differences(story.local, story.out)
    claim(not different, f"not the same: {different}")
    story.say(f"{len(files(story.local))} files are those of --engine local, octet for octet")
    name = files(story.out)[0]
    octets = bytearray((story.out / name).read_bytes())
    octets[len(octets) // 2] ^= 1
    (story.out / name).write_bytes(octets)
    claim(differences(story.local, story.out) == [name], "one bit in one file was not noticed")


def loses_its_cluster(story):
    """Last: the controller goes."""
    shutil.rmtree(story.out / "cells")
    story.cluster.processes["slurmctld"].kill()
    said = story.sweep(story.out, "--engine", "slurm", status=2)
    claim("sinfo ended with status 1" in said, said)
    claim("not known: squeue ended with" in story.sweep(story.out, "--status"), "an unknown state was told as known")
    story.say("without a controller nothing is submitted, and --status says that it does not know")


def tell(cluster, program, experiment):
    story = Story(cluster, program, experiment)
    refuses_what_cannot_be(story)
    job = submits(story)
    killed, left = kills_a_task(story, job)
    crashed = crashes_the_node(story, job, killed)
    ends(story, killed, left, crashed, job)
    equals_the_local_one(story)
    loses_its_cluster(story)


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    if absent := missing():
        print(f"Slurm is not installed here: {', '.join(absent)} missing (Debian: slurm-wlm, munge)")
        return 77
    with Cluster() as cluster:
        try:
            tell(cluster, *(str(pathlib.Path(word).absolute()) for word in sys.argv[1:]))
        except (AssertionError, TimeoutError, subprocess.TimeoutExpired, KeyError, ValueError) as error:
            print(f"did not hold: {error!r}\n{cluster.logs()}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
