"""A Slurm cluster of one node on this machine: munged, slurmctld and slurmd, started by hand in a folder of their own.

Works as root and as any other user, without systemd, without cgroups and beside a cluster that the machine may belong
to: every path, port and key is its own. Whatever happens, close() leaves no process behind; should Python itself be
killed, the kernel ends the daemons (PR_SET_PDEATHSIG).
"""
import ctypes
import getpass
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

DAEMONS = ("munged", "slurmctld", "slurmd")
COMMANDS = ("sbatch", "squeue", "sinfo", "scancel", "scontrol")
# Daemons lie in sbin, which not everybody has in the path.
PATH = os.environ.get("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin"

# What was found to matter on machines of all kinds, containers above all: no cgroups (linuxproc, task/none), a name
# that need not resolve (NodeAddr), no MPI; short intervals, so that a node that is dead is noticed in seconds
# (SlurmdTimeout) and what is requeued starts again in seconds (cred_expire).
CONFIGURATION = """\
ClusterName=deadletter
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmdPort={node_port}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.sock,cred_expire=5
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
ReturnToService=2
SlurmdTimeout=6
MessageTimeout=10
KillWait=2
SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0
NodeName=node1 NodeAddr=127.0.0.1 NodeHostname={host} CPUs={cpus} RealMemory={memory} State=UNKNOWN
PartitionName=main Nodes=node1 Default=YES MaxTime=INFINITE State=UP
PartitionName=spare Nodes=node1 Default=NO MaxTime=INFINITE State=UP
"""


def missing():
    """Which programs are not there."""
    return [name for name in DAEMONS + COMMANDS if shutil.which(name, path=PATH) is None]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(what, holds, seconds=90.0, pause=0.1):
    """Waits until holds() gives something, and gives that."""
    end = time.monotonic() + seconds
    while True:
        found = holds()
        if found:
            return found
        if time.monotonic() > end:
            raise TimeoutError(f"after {seconds:.0f} s: {what}")
        time.sleep(pause)


def _ends_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def _adopt():
    """What the daemons leave behind becomes a child of this process, which can then bury it."""
    ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER


def _bury():
    try:
        while os.waitpid(-1, os.WNOHANG)[0] > 0:
            pass
    except ChildProcessError:
        pass


class Cluster:
    def __init__(self, cpus=2):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="dl-slurm-", dir="/tmp"))  # a socket's path must be short
        self.environment = dict(os.environ, PATH=PATH, SLURM_CONF=str(self.folder / "slurm.conf"), TZ="UTC")
        for name in [n for n in self.environment if n.startswith(("SBATCH_", "SQUEUE_", "SLURM_")) and n != "SLURM_CONF"]:
            del self.environment[name]
        self.processes = {}
        self.cpus = cpus

    def __enter__(self):
        _adopt()
        try:
            self._configure()
            self._start("munged", "--foreground", "--force", f"--key-file={self.folder}/munge.key",
                        f"--socket={self.folder}/munge.sock", f"--pid-file={self.folder}/munge.pid",
                        f"--seed-file={self.folder}/munge.seed", f"--log-file={self.folder}/munged.file")
            until("munged has no socket", (self.folder / "munge.sock").exists)
            self._start("slurmctld", "-D", "-f", str(self.folder / "slurm.conf"))
            self.start_node()
            until("the node is not idle", lambda: self.node() == "idle")
            return self
        except BaseException:
            self.close()
            raise

    def __exit__(self, *_):
        self.close()

    def _configure(self):
        (self.folder / "state").mkdir()
        (self.folder / "spool").mkdir()
        key = self.folder / "munge.key"
        key.touch(mode=0o600)
        key.write_bytes(os.urandom(1024))
        (self.folder / "slurm.conf").write_text(CONFIGURATION.format(
            host=socket.gethostname().split(".")[0], folder=self.folder, user=getpass.getuser(), cpus=self.cpus,
            controller_port=free_port(), node_port=free_port(), memory=os.sysconf("SC_PAGE_SIZE") * os.sysconf(
                "SC_PHYS_PAGES") // 2**20 * 9 // 10))
        # Never touches cgroups, whatever version of them there is and whether systemd runs or not.
        (self.folder / "cgroup.conf").write_text("CgroupPlugin=cgroup/v1\nIgnoreSystemd=yes\n")

    def _start(self, name, *arguments):
        with open(self.folder / f"{name}.log", "ab") as log:
            self.processes[name] = subprocess.Popen(
                [shutil.which(name, path=PATH), *arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=self.environment, cwd=self.folder, preexec_fn=_ends_with_parent)

    def start_node(self):
        self._start("slurmd", "-D", "-N", "node1", "-f", str(self.folder / "slurm.conf"))

    def crash_node(self):
        """As if its power had gone: slurmd, its steps and all that they run are dead at once."""
        self.processes["slurmd"].kill()
        self.processes["slurmd"].wait()
        for pid in self._of_cluster():
            if pid not in [p.pid for p in self.processes.values()]:
                _kill(pid)

    def run(self, *words):
        return subprocess.run(words, env=self.environment, capture_output=True, text=True, timeout=600, check=False)

    def node(self):
        """idle, mixed, allocated, down …; with * when it does not answer."""
        return self.run("sinfo", "-h", "-p", "main", "-o", "%T").stdout.strip()

    def tasks(self):
        """{(array's job, task): state}"""
        lines = self.run("squeue", "-h", "-r", "-t", "all", "-o", "%F|%K|%T").stdout.splitlines()
        return {(job, task): state for job, task, state in (line.split("|") for line in lines)}

    def live(self):
        """The tasks among them that wait or run."""
        return {task for task, state in self.tasks().items() if state in ("PENDING", "RUNNING", "COMPLETING", "REQUEUED")}

    def logs(self):
        """The last lines of every daemon, for who must find out what went wrong."""
        text = ""
        for log in sorted(self.folder.glob("*.log")):
            lines = log.read_text(errors="replace").splitlines()[-8:]
            text += f"--- {log.name}\n" + "\n".join(lines) + "\n"
        return text

    def _of_cluster(self):
        """Processes that run in this cluster, the daemons too: they have its configuration in their environment."""
        mark = f"SLURM_CONF={self.folder}/slurm.conf".encode()
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            if not entry.name.isdecimal() or int(entry.name) == os.getpid():
                continue
            try:
                words = (entry / "environ").read_bytes().split(b"\0") + (entry / "cmdline").read_bytes().split(b"\0")
                in_folder = os.readlink(entry / "cwd").startswith(str(self.folder))
            except OSError:
                continue  # it has ended, or is another user's
            if mark in words or in_folder:
                found.append(int(entry.name))
        return found

    def close(self):
        for process in self.processes.values():
            process.kill()
        for process in self.processes.values():
            process.wait()
        for _ in range(50):
            left = self._of_cluster()
            if not left:
                break
            for pid in left:
                _kill(pid)
            time.sleep(0.1)
        _bury()
        shutil.rmtree(self.folder, ignore_errors=True)


def _kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
