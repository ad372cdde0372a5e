"""Exercises graded with pytest: what is wrong, where in your file, and what you probably think.

Rule: a point is given for what a test has seen, once, in a process of its own. A missing line is a
failure, an exit code means nothing, and a fault of ours never costs anybody a point.

**An exercise** is a folder, `exercises/NN_topic/`; how one is written says `exercises/WRITING.md`.
`exercise` reads it: `exercise.toml`, the tests, the hints, the answers of `teacher/`.

**A test** belongs to a task, and a task has points. It has them whole or not at all: half a lock
protects nothing, and a test that passes by luck earns nothing alone. What test files import:

    task("1.1", label="M14")    which task the test is part of, and what its failure shows
    Mistake("M14", at="recv")   raised in a test: exactly this mistake was seen
    believes("M14")             whoever fails inside of `with` holds this belief
    same(got, expected)         equal in value and in type; `==` asks the student's own `__eq__`

and the fixtures `work` (the student's module, new for each test), `seed` (a number, told on failure
and replayed by `--seed`) and `run` (a coroutine, on the loop that is being graded).

**An outcome** is one of `outcomes.Outcome`: passed, failed, not_attempted, timed_out, crashed,
blocked, grader_fault. Everything that is not passed has a label; the label has a priority and three
texts. Of all failures of an exercise **one** is told, the first in priority: what you probably
think, what happens, your line, try this.

**Who does what**, from the ground up; up to `score` all are quiet, values in and values out:

    outcomes    Outcome, Line, Finding, Verdict (of one test): what crosses the pipe
    marks       task, Mistake, believes, same: what a test says
    words       Label: what a failure says, and the labels that every exercise has
    exercise    Exercise, Task: `exercise.toml`, read and checked
    source      the student's file as text: where something stands, what is still a stub
    stub        the solution without its answers; `hints`: the three levels; `yes_man`
    blame       an exception becomes a Verdict: the label, and the line in the student's file
    score       the verdicts of an exercise become its points and its one message
    show        a result in words; `table`: several of them
    waiting     which line a task, or a thread, waits in; `lateness`: the verdict on that
    watchdog    ends a test that does not, and says where it was
    inventory   whether what judges is still what it was before the student's code ran
    seal        a line that only the grader can have written
    bench       the student's module, imported anew for each test
    judging     what pytest is told and asked; one verdict for each test
    plugin      the judging for plain pytest: `pytest exercises/01_pieces`
    child       one exercise in a process of its own
    process     that process from outside: its lines, its output, its end
    reaper      between the two: ends what the student's program has left behind
    runner      check: what a file earns in an exercise
    course      where exercises and work.py are; grade: a folder of them
    prove       is the exercise itself right? stub, solution, accept, wrong, as a table of rows
    proving     all of that for all exercises, several at once; `proof_table`: what is shown of it
    submissions what a class has handed in; `gradebook`: its grades, kept as they come
    class_report  a class's scores, and which mistakes it made how often
    packs/      what a class gets, and autograders for Gradescope, Classroom 50 and nbgrader
    cell        a graded cell of a notebook; `skeleton`: an exercise to begin with
    reports/    grades as JSON, for Gradescope, Classroom 50, JUnit and as CSV
    student/    the student's loop: `asyncweb watch`, their files, hints and progress

**Against tricks.** The tests are the course's own copies; the student's file alone is taken. The
key of the seal is read and wiped before that file is imported, and only lines that bear it count.
After each test the inventory is taken again. What runs in one process cannot be hidden from
somebody who reads this and sets out to forge; it does not happen by accident, nor by the tricks of
`tests/grading/corpus`, and it is there to be read in the file that was handed in.
"""

from asyncweb.grading.marks import Mistake, believes, same, task

__all__ = ["Mistake", "believes", "same", "task"]
