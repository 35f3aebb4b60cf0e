#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The oracle must see what it is there to see."""

import os
import sqlite3
import sys
import tempfile
import unittest
import uuid

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from jobs import file_of, filed_job, instances, map_job, noop_job  # noqa: E402
from oracle import (Attempts, Book, Files, Prunings, check_alone, check_effects,  # noqa: E402
                    check_job, check_listing, check_spans, events_of)
from server import Refused  # noqa: E402
from vault import Entry, judge  # noqa: E402


def started(fence, attempt=1, **place):
    return {"type": "attempt_started",
            "data": {"node": "a", "attempt": attempt, "fence": fence, **place}}


def succeeded(fence, **place):
    return {"type": "attempt_ended",
            "data": {"node": "a", "outcome": "succeeded", "fence": fence, **place}}


class FilesOfJobs(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        book = Book()
        body = filed_job("filed")
        self.job = str(uuid.uuid4())
        book.intend(body)
        book.acknowledge(body["name"], self.job)
        self.files = Files(self.directory.name, book)
        place = (7).to_bytes(8, "big") + (25).to_bytes(8, "big") + bytes(66)
        with sqlite3.connect(os.path.join(self.directory.name, "attacca.db")) as base:
            base.execute("CREATE TABLE jobs(id BLOB, image BLOB)")
            base.execute("CREATE TABLE batches(first_gseq INTEGER, records BLOB)")
            base.execute("INSERT INTO jobs VALUES(?, ?)", (uuid.UUID(self.job).bytes, place))
            base.executemany("INSERT INTO batches VALUES(?, ?)",
                             [(10, b""), (20, b"words"), (30, b"")])
        base.close()
        path = self.files.path(self.job)
        os.makedirs(os.path.dirname(path))
        with open(path, "wb") as file:
            file.write(file_of(self.job))

    def test_a_file_that_outlives_the_record_that_names_it_is_found(self):
        self.assertEqual((self.files.look(), self.files.gone), (0, 0))
        with sqlite3.connect(os.path.join(self.directory.name, "attacca.db")) as base:
            base.execute("UPDATE batches SET records = x'' WHERE first_gseq = 20")
        base.close()
        self.assertEqual((self.files.look(), self.files.gone), (1, 0))
        os.unlink(self.files.path(self.job))
        self.assertEqual((self.files.look(), self.files.gone), (0, 1))


class Listing(unittest.TestCase):
    def setUp(self):
        self.book = Book()
        self.answered, self.lost, self.refused = (noop_job("noop") for _ in range(3))
        for body in (self.answered, self.lost, self.refused):
            self.book.intend(body)
        self.book.acknowledge(self.answered["name"], "1")
        self.book.refuse(self.refused["name"])
        self.listed = [{"id": "1", "name": self.answered["name"]},
                       {"id": "2", "name": self.lost["name"]},
                       {"id": "3", "name": "tick", "nominal_at": "2026-01-01T00:00:00Z"}]

    def assert_found(self, why, *listed):
        with self.assertRaisesRegex(AssertionError, why):
            check_listing(listed, self.book)

    def test_what_was_asked_for_passes_with_and_without_what_was_never_answered(self):
        check_listing(self.listed, self.book)
        check_listing([self.listed[0]], self.book)

    def test_a_lost_job_is_found(self):
        self.assert_found("is lost", self.listed[1])

    def test_a_job_that_nobody_submitted_is_found(self):
        self.assert_found("phantom", *self.listed, {"id": "4", "name": "noop-0"})
        self.assert_found("phantom", *self.listed, {"id": "4", "name": "tick"})

    def test_a_submission_that_became_two_jobs_is_found(self):
        self.assert_found("two jobs", *self.listed, {"id": "4", "name": self.lost["name"]})

    def test_a_job_of_another_id_than_acknowledged_is_found(self):
        self.assert_found("was acknowledged as", {"id": "4", "name": self.answered["name"]})

    def test_a_refused_submission_that_is_there_is_found(self):
        self.assert_found("was refused", *self.listed, {"id": "4", "name": self.refused["name"]})

    def test_two_answers_to_one_key_are_found(self):
        with self.assertRaisesRegex(AssertionError, "was answered with"):
            self.book.acknowledge(self.answered["name"], "4")

    def test_only_what_was_neither_answered_nor_refused_is_asked_again(self):
        self.assertEqual(self.book.unanswered(), [self.lost])


class TheAttempts(unittest.TestCase):
    def test_are_told_by_their_instances(self):
        told = Attempts("j", [started(1, item=0), started(2, item=1), succeeded(2, item=1),
                              started(3, 2, item=0), succeeded(3, item=0)])
        self.assertEqual(told.started, [1, 2, 3])
        self.assertEqual(told.accepted, {("a", 0): [3], ("a", 1): [2]})

    def test_with_an_older_token_are_found(self):
        with self.assertRaisesRegex(AssertionError, "fence tokens"):
            Attempts("j", [started(2), started(1, 2)])

    def test_with_a_gap_are_found(self):
        with self.assertRaisesRegex(AssertionError, "a gap"):
            Attempts("j", [started(1), started(2, 3)])

    def test_that_end_without_a_start_are_found(self):
        with self.assertRaisesRegex(AssertionError, "never started"):
            Attempts("j", [started(1), succeeded(2)])

    def test_of_a_map_are_expected_for_each_item(self):
        self.assertEqual(instances(map_job("map")),
                         [("m", 0), ("m", 1), ("m", 2), ("join", None)])


class Effects(unittest.TestCase):
    def setUp(self):
        lost_and_done = [started(1), started(5, 2), succeeded(5)]
        self.attempts = {"j": Attempts("j", lost_and_done)}

    def check(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "effects")
            with open(path, "w", encoding="ascii") as file:
                file.write(text)
            return check_effects(path, self.attempts)

    def assert_found(self, why, text):
        with self.assertRaisesRegex(AssertionError, why):
            self.check(text)

    def test_of_the_accepted_attempt_are_enough_and_those_of_lost_ones_are_let_pass(self):
        self.assertEqual(self.check("j 5\n"), 1)
        self.assertEqual(self.check("j 1\nj 5\n"), 2)

    def test_by_an_older_token_are_found(self):
        self.assert_found("older token", "j 5\nj 1\n")

    def test_by_one_token_twice_are_found(self):
        self.assert_found("older token", "j 5\nj 5\n")

    def test_of_an_attempt_that_never_started_are_found(self):
        self.assert_found("started", "j 5\nj 6\n")

    def test_that_are_missing_for_the_accepted_attempt_are_found(self):
        self.assert_found("was accepted", "j 1\n")

    def test_of_an_unknown_job_are_found(self):
        self.assert_found("nobody submitted", "j 5\nk 1\n")

    def test_of_a_pruned_job_are_in_order_and_no_more_can_be_told(self):
        self.attempts = {"j": None}
        self.assertEqual(self.check("j 5\nj 6\n"), 2)
        self.assertEqual(self.check(""), 0)
        self.assert_found("older token", "j 5\nj 1\n")

    def test_that_are_torn_are_found(self):
        self.assert_found("effect 'j'", "j 5\nj")


class Erasures(unittest.TestCase):
    READABLE = {"params": {"who": "secret-1"}}
    ERASED = {"erased": {"by": "u"}}

    @staticmethod
    def entry(**flags):
        entry = Entry("secret-1")
        for name, value in flags.items():
            setattr(entry, name, value)
        return entry

    def test_whole_or_none(self):
        judge("j", self.entry(), self.READABLE, True)
        for is_answered in (False, True):
            judge("j", self.entry(is_asked=True, is_erased=is_answered), self.ERASED, False)
        judge("j", self.entry(is_asked=True), self.READABLE, True)
        judge("j", self.entry(), {}, True, True)

    def test_everything_else_is_found(self):
        asked = self.entry(is_asked=True)
        for why, entry, told, has_key in (
                ("its key there", asked, self.ERASED, True),
                ("its key there", asked, self.READABLE, False),
                ("there again", self.entry(is_asked=True, is_erased=True), self.READABLE, True),
                ("nobody asked", self.entry(), self.ERASED, False),
                ("under a hold", self.entry(is_asked=True, is_held=True), self.ERASED, False),
                ("can be read", asked, {**self.ERASED, "outputs": "secret-1"}, False),
                ("cannot be read", asked, {}, True),
                ("cannot be read", asked, {"params": {}}, True)):
            with self.assertRaisesRegex(AssertionError, why):
                judge("j", entry, told, has_key)


class PrunedClient:
    """A server that has pruned its one job."""

    def __init__(self, status, running=0):
        self.shown = {"id": "1", "status": status,
                      "counts": {"total": 1, "done": 1 - running, "running": running}}

    def job(self, _):
        return self.shown

    def call(self, *_):
        raise Refused(410, '{"type":"urn:attacca:problem:pruned"}')


class ThePruned(unittest.TestCase):
    BODY = {"dag_definition": {"nodes": [{"id": "a", "type": "noop"}]}}

    def test_are_told_by_their_rows(self):
        self.assertEqual(check_job(PrunedClient("completed"), "1", self.BODY), {"1": None})

    def test_that_live_are_found(self):
        for client in (PrunedClient("running"), PrunedClient("completed", running=1)):
            with self.assertRaisesRegex(AssertionError, "pruned"):
                check_job(client, "1", self.BODY)

    def test_are_no_excuse_for_another_refusal(self):
        client = PrunedClient("completed")
        client.call = lambda *_: (_ for _ in ()).throw(Refused(410, "erased"))
        with self.assertRaises(Refused):
            events_of(client, "1")

    def test_never_become_fewer(self):
        prunings = Prunings()
        prunings.add({"pruned": 3})
        prunings.add({"pruned": 3})
        with self.assertRaisesRegex(AssertionError, "3 records were pruned, then 2"):
            prunings.add({"pruned": 2})


class Exclusion(unittest.TestCase):
    def test_one_after_the_other(self):
        self.assertEqual(check_spans([(5, 8, "b"), (1, 4, "a")]), 2)
        with self.assertRaisesRegex(AssertionError, "job b began at 4, before job a ended at 5"):
            check_spans([(4, 8, "b"), (1, 5, "a")])


class KeptLane(unittest.TestCase):
    def test_nobody_else_starts_there(self):
        self.assertEqual(check_alone([(5, 9, "a")], [(5, "a"), (8, "a"), (4, "b"), (10, "b")]), 1)
        with self.assertRaisesRegex(AssertionError, "a task of b began at 7, in a lane kept for a"):
            check_alone([(5, 9, "a")], [(5, "a"), (7, "b"), (8, "a")])


if __name__ == "__main__":
    unittest.main()
