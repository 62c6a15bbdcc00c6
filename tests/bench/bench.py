"""What Deadletter costs, beside a bare event loop and beside itself.

  bench.py [N ...]             the relay workload with N messages beside its floor; 1M if no N is given
  bench.py growth              exponents of time in messages and in servers
  bench.py --compare REV       what changed from a revision to the present tree: instructions, time, fingerprints

examples:
  ./dev bench 10k 100k 1M
  ./dev bench growth --most-messages 1M --most-servers 1k
  ./dev bench --compare HEAD~3 --cases "relay,load 1,000 servers"

Absolute times are the machine's; ratios and instructions count. JSON goes to build/bench/.
Exit status: 0 measured, 1 a program failed or was not deterministic, 2 usage, 130 interrupted.
"""
import argparse
import sys

sys.dont_write_bytecode = True

import compare  # noqa: E402
import figures  # noqa: E402
import growth  # noqa: E402
import measure  # noqa: E402
import relay  # noqa: E402


def positive(text):
    if not text.isdecimal() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"'{text}' is no number from 1 to 1000")
    return int(text)


def case_names(text):
    """Names of cases, apart by commas; one of them has a comma of its own."""
    known, left = sorted((case.name for case in compare.CASES), key=len, reverse=True), text
    names = []
    while left:
        name = next((n for n in known if left == n or left.startswith(n + ",")), None)
        if name is None:
            listed = "; ".join(case.name for case in compare.CASES)
            raise argparse.ArgumentTypeError(f"'{left}' is no case; there are: {listed}")
        names.append(name)
        left = left[len(name) + 1:]
    return names


def parser():
    made = argparse.ArgumentParser(prog="./dev bench", usage="./dev bench [N ... | growth | --compare REV] [options]",
                                   description=__doc__.split("\n", 1)[0], epilog=__doc__.split("\n", 2)[2],
                                   formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    made.add_argument("what", nargs="*", metavar="N", help="messages, from 1k to 100M, or the word growth")
    made.add_argument("--rounds", type=positive, metavar="K", help="runs of each; 5 to 1 by size, 12 pairs to compare")
    made.add_argument("--most-messages", type=figures.size, default=10_000_000, metavar="N", help="of growth; 10M")
    made.add_argument("--most-servers", type=figures.size, default=10_000, metavar="N", help="of growth; 10k")
    made.add_argument("--compare", metavar="REV", help="a revision, as git names them")
    made.add_argument("--programs", nargs=2, metavar=("A", "B"), help="two programs to compare; nothing is built")
    made.add_argument("--cases", type=case_names, metavar="NAMES",
                      help="of the comparison: " + "; ".join(case.name for case in compare.CASES))
    made.add_argument("--build", default=str(measure.ROOT / "build/release"), metavar="FOLDER", help="of the programs")
    made.add_argument("--self-test", nargs="*", metavar="NAME", help="tests of the scripts; measures nothing")
    return made


def chosen(made, given):
    """The arguments, judged together."""
    args = made.parse_args(given)
    args.growth = args.what == ["growth"]
    comparing = bool(args.compare or args.programs)
    if args.compare and args.programs:
        made.error("--compare builds a revision and --programs names two programs: choose one")
    if comparing and args.what:
        made.error("a comparison has cases of its own: leave out " + " ".join(args.what))
    if args.cases and not comparing:
        made.error("--cases belongs to --compare and --programs")
    try:
        args.sizes = [] if args.growth else [figures.size(text) for text in args.what] or [1_000_000]
    except argparse.ArgumentTypeError as error:
        made.error(f"{error}, nor is it growth")
    return args


def main(given):
    args = chosen(parser(), given)
    if args.self_test is not None:
        import self_test  # pylint: disable=import-outside-toplevel

        return self_test.main(args.self_test)
    try:
        if args.compare or args.programs:
            compare.compare(args.build, args.compare, args.programs, args.cases, args.rounds or 12)
        elif args.growth:
            growth.growth(args.build, args.most_messages, args.most_servers)
        else:
            relay.bench(args.build, args.sizes, args.rounds)
    except measure.Failed as failed:
        print(f"\n{failed}" if sys.stderr.isatty() else failed, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ninterrupted", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
