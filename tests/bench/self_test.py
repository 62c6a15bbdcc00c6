"""Tests of the benchmarks' arithmetic and tables, with programs that only pretend: no figure here was measured."""
import argparse
import contextlib
import io
import json
import shutil
import tempfile
import unittest
from pathlib import Path

import bench
import builds
import compare
import figures
import growth
import measure
import relay


class Arithmetic(unittest.TestCase):
    def test_an_exponent_is_found_again(self):
        value, error = figures.exponent([(n, 3e-6 * n**1.07) for n in (1e4, 1e5, 1e6, 1e7)])
        self.assertAlmostEqual(value, 1.07)
        self.assertAlmostEqual(error, 0)

    def test_a_curve_that_is_no_power_has_an_error(self):
        _, error = figures.exponent([(10, 100), (100, 200), (1000, 8000)])
        self.assertGreater(error, 0.2)

    def test_two_points_have_no_error_and_one_has_no_exponent(self):
        self.assertEqual(figures.exponent([(10, 1), (1000, 100)])[1], None)
        for points in ([(10, 1)], [(10, 1), (10, 2)], [(10, 0), (100, 1)]):
            with self.assertRaises(ValueError):
                figures.exponent(points)

    def test_a_summary_keeps_every_run(self):
        self.assertEqual(figures.summary([3, 1, 9]), {"median": 3, "low": 1, "high": 9, "runs": [3, 1, 9]})

    def test_the_interval_is_that_of_the_sign_test(self):
        # Of 12, the third from either end: 1 - 2 (1 + 12 + 66) / 4096.
        low, high, sure = figures.median_interval(range(1, 13))
        self.assertEqual((low, high), (3, 10))
        self.assertAlmostEqual(sure, 1 - 158 / 4096)
        # Of six, from end to end: 1 - 2 / 64. The second from either end would be sure to 78 %.
        self.assertEqual(figures.median_interval([6, 1, 5, 2, 4, 3]), (1, 6, 1 - 2 / 64))

    def test_an_interval_of_few_values_says_how_unsure_it_is(self):
        self.assertEqual(figures.median_interval([1, 2, 3]), (1, 3, 0.75))
        self.assertEqual(figures.median_interval([7]), (7, 7, 0))
        with self.assertRaises(ValueError):
            figures.median_interval([])

    def test_one_outlier_moves_neither_median_nor_interval(self):
        quiet = [1.0 + i / 1000 for i in range(12)]
        self.assertEqual(figures.median_interval(quiet)[:2], figures.median_interval(quiet[:-1] + [50])[:2])

    def test_what_one_more_costs_leaves_the_fixed_part_out(self):
        self.assertEqual(figures.each((100, 50_000 + 100 * 190), (400, 50_000 + 400 * 190)), 190)
        with self.assertRaises(ValueError):
            figures.each((400, 1), (400, 2))

    def test_nothing_is_infinitely_far_from_something(self):
        self.assertEqual([figures.apart(0, 0), figures.apart(99, 100)], [0, 0.01])
        self.assertGreater(figures.apart(1, 0), 1e9)

    def test_sizes_are_read_as_people_write_them(self):
        self.assertEqual([figures.size(t) for t in ("10000", "10k", "1M", "10_000")], [10000, 10000, 1000000, 10000])
        for wrong in ("", "k", "-5", "10K", "999", "101M", "1e6", "growt"):
            with self.assertRaises(argparse.ArgumentTypeError):
                figures.size(wrong)


class Pretended(unittest.TestCase):
    """A folder with programs that print what a test says."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.build, self.root = Path(folder.name), measure.ROOT
        measure.ROOT = self.build
        self.addCleanup(setattr, measure, "ROOT", self.root)

    def pretend(self, name, script):
        path = self.build / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    def deadletter(self, name="deadletter", fingerprint="0123456789abcdef", fates="f", more=""):
        told = {"cpu_s": 0.5, "fates": {"returned": 10, "waiting": 7}, "hops": 20, "attempts": 41,
                "fingerprint": fingerprint, "fingerprint_parts": {"fates": fates}}
        return self.pretend(name, f'[ "$1" = --version ] && echo deadletter 9.9 && exit\n{more}\n'
                            f"echo '{json.dumps(told)}'")

    def floor(self):
        told = {"cpu_s": 0.1, "rss_kb": 2048, "ndr": 10, "hops": 20, "attempts": 40, "in_flight": 5}
        self.pretend("relay_floor", f"echo '{json.dumps(told)}'")


# A program without session fidelity, as measure.refusal meets it.
NO_SESSION = """case "$*" in *fidelity*) echo '{"errors": [{"message": "unknown key"}]}'; exit 2;; esac"""


def printed(what, *arguments):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        what(*arguments)
    return out.getvalue()


class Relay(Pretended):
    def measured(self, sizes=(1000,), rounds=1):
        # No two sizes of waiting mail are told apart by a program that always says the same.
        self.addCleanup(setattr, relay, "waiting", relay.waiting)
        relay.waiting = lambda *_: [{"name": "session", "waiting": [1, 2], "octets_each": 201, "asked": 200}]
        text = printed(relay.bench, str(self.build), sizes, rounds)
        return text, json.loads((self.build / "build/bench/relay.json").read_text())

    def test_the_table_and_its_json_have_every_row(self):
        self.floor(), self.deadletter()
        text, written = self.measured(rounds=2)
        self.assertEqual([row["name"] for row in written["rows"]],
                         ["floor", "full dialogue", "session", "session, flow", "session, content",
                          "session, record messages"])
        self.assertEqual(written["program"], ["deadletter 9.9"])
        self.assertEqual(sorted(written["machine"]), ["cores", "load_before", "memory", "processor", "system"])
        session = written["rows"][2]
        self.assertEqual(session["x_floor"], {"median": 5, "low": 5, "high": 5, "runs": [5, 5]})
        self.assertEqual(session["messages_per_s"], 2000)
        self.assertNotIn("asked", session)  # that is of a million messages
        self.assertIn("every row: 41 attempts, the floor 40: 2.5 % apart", text)
        self.assertIn("fates of session and of full dialogue: the same", text)
        self.assertIn("<= 200, missed", text)

    def test_what_is_asked_is_judged_at_a_million(self):
        self.floor(), self.deadletter()
        text, written = self.measured((1_000_000,), 1)
        self.assertEqual([row.get("asked") for row in written["rows"]][:3], [None, 4, 2.4])
        self.assertIn("<= 2.4, missed", text)

    def test_without_session_fidelity_the_rows_are_full_dialogue_and_say_so(self):
        self.floor(), self.deadletter(more=NO_SESSION)
        text, written = self.measured()
        self.assertIn("Session fidelity is left out", text)
        self.assertEqual(written["rows"][2]["name"], "full dialogue, flow")

    def test_equal_runs_with_two_fingerprints_are_an_error(self):
        runs = [{"fingerprint": "a"}, {"fingerprint": "b"}]
        self.assertRaises(measure.Failed, relay.one_fingerprint, "session", runs)
        self.assertEqual(relay.one_fingerprint("session", runs[:1]), "a")

    def test_other_fates_in_a_session_are_shouted(self):
        rows = [{"name": n, "counts": {}, "floor_counts": {}, "fates_fingerprint": n}
                for n in ("full dialogue", "session")]
        self.assertEqual(relay.notes(rows), ["fates of session and of full dialogue: NOT THE SAME"])

    def test_a_program_that_fails_is_named_with_its_words(self):
        self.floor(), self.deadletter(more="echo no disk >&2; exit 5")
        with self.assertRaisesRegex(measure.Failed, "(?s)ended with status 5.*no disk"):
            self.measured()
        with self.assertRaisesRegex(measure.Failed, "No such file"):
            measure.run([self.build / "nowhere"])


class Growth(Pretended):
    POINTS = [{"messages": n, "cpu_s": {"median": 1 + n * 1e-5}} for n in (10_000, 100_000, 1_000_000, 10_000_000)]

    def test_the_exponent_is_of_the_upper_part(self):
        fit = growth.fitted(self.POINTS, "messages", 1_000_000, 1.1)
        self.assertEqual((fit["from"], fit["to"]), (1_000_000, 10_000_000))
        self.assertGreater(fit["exponent"], growth.fitted(self.POINTS, "messages", 0, 1.1)["exponent"])

    def test_the_tables_say_what_is_held_fixed(self):
        self.deadletter()
        self.addCleanup(setattr, growth, "rounds_for", growth.rounds_for)
        growth.rounds_for = lambda _: 1
        text = printed(growth.growth, str(self.build), 30_000, 400)
        written = json.loads((self.build / "build/bench/growth.json").read_text())
        self.assertEqual([table["fit"]["of"] for table in written["tables"]], ["messages", "servers", "servers"])
        self.assertEqual([p["messages"] for p in written["tables"][1]["points"]], [10_000, 32_400])
        self.assertEqual([p["messages"] for p in written["tables"][2]["points"]], [100_000, 100_000])
        self.assertAlmostEqual(written["tables"][0]["fit"]["exponent"], 0)  # a program that always takes half a second
        self.assertIn("in servers: 100 messages a server, session, whole process", text)

    def test_a_demand_is_judged_only_when_the_sizes_go_that_far(self):
        fit = {"of": "messages", "asked": 1.1, "exponent": 1.2, "to": 1_000_000}
        self.assertEqual(growth.judgement(fit), "; asked: at most 1.1 up to 10,000,000")
        self.assertIn("missed", growth.judgement(fit | {"to": 10_000_000}))
        self.assertIn("held", growth.judgement(fit | {"to": 10_000_000, "exponent": 1.05}))

    def test_all_sizes_count_when_the_upper_part_is_one(self):
        self.assertEqual(growth.fitted(self.POINTS, "messages", 10_000_000, 1.1)["from"], 10_000)


class Compared(Pretended):
    def sides(self, **of_new):
        self.deadletter("old")
        self.deadletter("new", **of_new)
        return [compare.Side(name, self.build / name, self.build) for name in ("old", "new")]

    def one(self, sides):
        self.addCleanup(setattr, compare, "instructions", compare.instructions)
        compare.instructions = lambda side, *_: 1000 if side.label == "old" else 1013
        return compare.compared(*sides, compare.CASES[0], 2, self.build, measure.Progress(99))

    def test_programs_alike_are_the_same_and_no_slower(self):
        row = self.one(self.sides())
        self.assertTrue(row["same"])
        self.assertEqual(row["instructions_ratio"], 1.013)
        self.assertEqual(len(row["time_ratio"]["runs"]), 2)

    def test_another_fingerprint_is_shouted(self):
        sides = self.sides(fingerprint="fedcba9876543210")
        text = printed(compare.show, [self.one(sides)], [], *sides)
        self.assertIn("DIFFERS", text)
        self.assertIn("0123456789abcdef became fedcba9876543210", text)

    def test_an_interval_decides_only_when_it_leaves_one_out(self):
        said = [compare.verdict({"interval": i, "sure": 0.96}) for i in ([0.8, 0.9], [0.9, 1.1], [1.1, 1.2])]
        self.assertEqual(said, ["faster", "no difference seen", "slower"])

    def test_a_few_pairs_decide_nothing(self):
        for pairs, said in ((2, "too few pairs"), (5, "too few pairs"), (6, "faster")):
            low, high, sure = figures.median_interval([0.9] * pairs)
            self.assertEqual(compare.verdict({"interval": [low, high], "sure": sure}), said)

    def test_a_side_that_cannot_do_a_case_leaves_it_out(self):
        case = next(case for case in compare.CASES if case.name == "relay, session")
        self.assertIsNone(compare.usable(case, self.sides()))
        self.assertIn("new says unknown key", compare.usable(case, self.sides(more=NO_SESSION)))

    def test_callgrinds_sum_is_read_and_missed(self):
        self.assertEqual(compare.counted("events: Ir\nfn=(1) main\n3 4\ntotals: 217856484\n"), 217856484)
        self.assertRaises(measure.Failed, compare.counted, "events: Ir\n")

    def test_parts_that_both_sides_have_are_laid_side_by_side(self):
        told = {"benchmarks": [{"name": "calendar", "cpu_time": 30}, {"name": "once", "error_occurred": True}]}
        sides = self.sides()
        self.assertEqual(compare.compared_parts(*sides, measure.Progress(9)), [])  # there is no such program yet
        self.pretend("deadletter_bench", f"echo '{json.dumps(told)}'")
        self.assertEqual(compare.compared_parts(*sides, measure.Progress(9)), [{"part": "calendar", "ns": [30, 30]}])

    def test_a_case_that_a_side_has_no_file_of_or_does_not_meet_is_left_out_before_anything_is_measured(self):
        article = next(case for case in compare.CASES if case.name == "article")
        no_file = """echo '{"errors": [{"message": "there is no such file"}]}'; exit 2"""
        not_met = """echo '{"expectations": {"failed": [{}, {}]}}'; exit 1"""
        for more, said in ((no_file, "no such file"), (not_met, "2 of what is expected fails")):
            self.assertIn(said, compare.usable(article, self.sides(more=more)))

    def test_what_an_old_program_does_not_say_is_a_failure_and_not_a_mistake_of_python(self):
        self.pretend("old", """echo '{"cpu_s": 1, "fates": {"waiting": 0, "returned": 0}, "fingerprint": "f"}'""")
        with self.assertRaisesRegex(measure.Failed, "old does not say 'hops'"):
            measure.experiment(self.build / "old", "x.json", cwd=self.build)


class Builds(Pretended):
    """With a git of its own, and without a build."""

    def setUp(self):
        super().setUp()
        for words in (["init", "-q"], ["config", "user.name", "x"], ["config", "user.email", "x@example.org"]):
            builds.git(*words)
        (self.build / "file").write_text("one")
        builds.git("add", "file")
        self.assertIsNotNone(builds.git("commit", "-q", "-m", "one"))
        self.hash = builds.hash_of("HEAD")
        self.tree = self.build / "build/bench" / self.hash[:12]

    def made(self):
        for command in builds.tree_commands(self.tree, self.hash, self.tree.exists()):
            measure.run(command, self.build)

    def test_a_tree_is_made_once_and_used_again(self):
        self.made()
        self.assertEqual((self.tree / "file").read_text(), "one")
        self.assertEqual(builds.tree_commands(self.tree, self.hash, self.tree.exists()), [])
        builds.require_untouched(self.tree, self.hash)

    def test_a_tree_that_was_taken_away_by_hand_is_made_anew(self):
        self.made()
        shutil.rmtree(self.tree)
        self.made()
        builds.require_untouched(self.tree, self.hash)

    def test_what_a_build_leaves_does_not_make_it_another_tree(self):
        self.made()
        (self.tree / "build").mkdir()
        (self.tree / "build/program").write_text("")
        builds.require_untouched(self.tree, self.hash)

    def test_a_tree_that_was_edited_or_is_half_made_is_not_measured(self):
        self.made()
        (self.tree / "file").write_text("two")
        with self.assertRaisesRegex(measure.Failed, "is not what the revision is"):
            builds.require_untouched(self.tree, self.hash)
        shutil.rmtree(self.tree)
        self.tree.mkdir()  # git finds the tree around it
        with self.assertRaisesRegex(measure.Failed, "is not what the revision is"):
            builds.require_untouched(self.tree, self.hash)

    def test_a_revision_without_the_second_target_is_built_without_it(self):
        known = "all: phony\ndeadletter: LINKER\ndeadletter_bench: LINKER\n"
        self.assertEqual(builds.build_command(self.tree, known)[-2:], ["deadletter", "deadletter_bench"])
        self.assertEqual(builds.build_command(self.tree, known[:-25])[-2:], ["--target", "deadletter"])

    def test_what_is_no_revision_is_named(self):
        self.assertRaisesRegex(measure.Failed, "'nothing' is no revision", builds.hash_of, "nothing")

    def test_a_program_that_is_not_there_is_named_before_anything_is_built(self):
        with self.assertRaisesRegex(measure.Failed, "nowhere/deadletter: No such file"):
            compare.compare("/nowhere", "HEAD", None, None, 1)
        self.assertFalse(self.tree.exists())

    def test_of_a_long_failure_the_end_is_quoted(self):
        with self.assertRaises(measure.Failed) as raised:
            measure.run(["sh", "-c", "seq 1000; exit 1"])
        self.assertEqual(str(raised.exception).splitlines()[1:3], ["ended with status 1", "961"])


class CommandLine(unittest.TestCase):
    def wrong(self, *words):
        with contextlib.redirect_stderr(io.StringIO()) as err, self.assertRaises(SystemExit) as left:
            bench.chosen(bench.parser(), list(words))
        self.assertEqual(left.exception.code, 2)
        return err.getvalue()

    def test_sizes_growth_and_comparisons_are_told_apart(self):
        args = bench.chosen(bench.parser(), ["10k", "1M"])
        self.assertEqual((args.sizes, args.growth), ([10_000, 1_000_000], False))
        self.assertEqual(bench.chosen(bench.parser(), []).sizes, [1_000_000])
        self.assertTrue(bench.chosen(bench.parser(), ["growth"]).growth)
        args = bench.chosen(bench.parser(), ["--compare", "HEAD", "--cases", "load 1,000 servers,relay"])
        self.assertEqual(args.cases, ["load 1,000 servers", "relay"])

    def test_wrong_words_are_usage_and_say_what_is_right(self):
        self.assertIn("such as 10000, 100k or 1M, nor is it growth", self.wrong("growht"))
        self.assertIn("cached_day", self.wrong("--compare", "HEAD", "--cases", "relais"))
        self.assertIn("choose one", self.wrong("--compare", "HEAD", "--programs", "a", "b"))
        self.assertIn("leave out 10k", self.wrong("10k", "--compare", "HEAD"))
        self.assertIn("belongs to", self.wrong("10k", "--cases", "relay"))


def main(names):
    """Exit status 0 when all tests of these names, or all there are, held."""
    loader = unittest.TestLoader()
    module = __import__(__name__)
    suite = loader.loadTestsFromNames(names, module) if names else loader.loadTestsFromModule(module)
    return 0 if unittest.TextTestRunner().run(suite).wasSuccessful() else 1
