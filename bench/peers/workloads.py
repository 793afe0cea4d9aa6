"""What is measured: for each tool a file that says the same, and the arguments that ask for it."""

import os
from dataclasses import dataclass
from typing import Callable


@dataclass(frozen=True)
class Workload:
    id: str
    name: str
    runs: int
    write: Callable[[str], None]
    arguments: dict
    must: tuple
    aim: tuple
    memory: int = 0


def files(lockstep, make, ninja, just=None):
    def write(folder):
        texts = {"commands.cli": lockstep(), "Makefile": make(), "build.ninja": "rule r\n  command = $c\n" + ninja()}
        if just:
            texts["justfile"] = just()
        for name, text in texts.items():
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text)

    return write


def lines(count, line):
    return "".join(line(index) for index in range(count))


def names(count):
    return " ".join(f"c{index}" for index in range(count))


ONE = files(
    lambda: "one: true\n",
    lambda: ".PHONY: one\none:\n\ttrue\n",
    lambda: "build one: r\n  c = true\n",
    lambda: "one:\n    true\n",
)

SEQUENCE = files(
    lambda: "all: {\n" + lines(200, lambda _: "    true\n") + "}\n",
    lambda: ".PHONY: all\nall:\n" + lines(200, lambda _: "\ttrue\n"),
    lambda: "build c0: r\n  c = true\n" + lines(199, lambda i: f"build c{i + 1}: r c{i}\n  c = true\n") + "build all: phony c199\n",
    lambda: "all:\n" + lines(200, lambda _: "    true\n"),
)


def together(command, at_once):
    return files(
        lambda: f"all: @parallel(concurrency = {at_once}) {{\n" + lines(200, lambda _: f"    {command}\n") + "}\n",
        lambda: f".PHONY: all {names(200)}\nall: {names(200)}\n" + lines(200, lambda i: f"c{i}:\n\t{command}\n"),
        lambda: lines(200, lambda i: f"build c{i}: r\n  c = {command}\n") + f"build all: phony {names(200)}\n",
    )


MANY = files(
    lambda: lines(10_000, lambda i: f"c{i}: true\n"),
    lambda: f".PHONY: {names(10_000)}\n" + lines(10_000, lambda i: f"c{i}:\n\ttrue\n"),
    lambda: lines(10_000, lambda i: f"build c{i}: r\n  c = true\n"),
    lambda: lines(10_000, lambda i: f"c{i}:\n    true\n"),
)

DEEP = files(
    lambda: lines(1_999, lambda i: f"c{i}: {{\n    @cmd(c{i + 1})\n    true\n}}\n") + "c1999: true\n",
    lambda: f".PHONY: {names(2_000)}\n" + lines(1_999, lambda i: f"c{i}: c{i + 1}\n\ttrue\n") + "c1999:\n\ttrue\n",
    lambda: lines(1_999, lambda i: f"build c{i}: r c{i + 1}\n  c = true\n") + "build c1999: r\n  c = true\n",
    lambda: lines(1_999, lambda i: f"c{i}: c{i + 1}\n    true\n") + "c1999:\n    true\n",
)

WIDE = files(
    lambda: lines(2_000, lambda i: f"c{i}: true\n") + "all: @parallel {\n" + lines(2_000, lambda i: f"    @cmd(c{i})\n") + "}\n",
    lambda: f".PHONY: all {names(2_000)}\nall: {names(2_000)}\n" + lines(2_000, lambda i: f"c{i}:\n\ttrue\n"),
    lambda: lines(2_000, lambda i: f"build c{i}: r\n  c = true\n") + f"build all: phony {names(2_000)}\n",
    lambda: f"all: {names(2_000)}\n" + lines(2_000, lambda i: f"c{i}:\n    true\n"),
)


def run(name, *flags):
    return {"lockstep": [name], "make": [*flags, name], "ninja": [*flags, name], "just": [name]}


def parallel(at_once):
    return {"lockstep": ["all"], "make": [f"-j{at_once}", "all"], "ninja": [f"-j{at_once}", "all"]}


def plan(name):
    return {"lockstep": [name, "--dry-run"], "make": ["-n", name], "ninja": ["-n", name], "just": ["--dry-run", name]}


LIST = {"lockstep": [], "make": ["-pn", "c0"], "ninja": ["-t", "targets", "all"], "just": ["--list"]}

# 200 sleeps of 20 ms, 16 at a time, could take no less.
IDEAL = 250.0

ALL = [
    Workload("W1", "one command", 100, ONE, run("one"), (3, "just"), (1.5, "just"), 25),
    Workload("W2", "its plan", 100, ONE, plan("one"), (3, "just"), (1.5, "just")),
    Workload("W3", "200 commands, one after the other", 15, SEQUENCE, run("all"), (1.2, "just"), (1, "make")),
    Workload("W4", "200 commands, 2 at a time", 15, together("true", 2), parallel(2), (1.2, "ninja"), (1, "make")),
    Workload("W5", "200 sleeps of 20 ms, 16 at a time", 7, together("sleep 0.02", 16), parallel(16), (1, "ninja"), (1.1, IDEAL)),
    Workload("W6", "one of 10,000 commands", 30, MANY, run("c5000"), (1, "make"), (1, "ninja"), 45),
    Workload("W6", "list of 10,000 commands", 30, MANY, LIST, (1, "make"), (1, "ninja"), 45),
    Workload("W7", "plan of 2,000 steps, deep", 20, DEEP, plan("c0"), (1, "just"), (1, "ninja")),
    Workload("W7", "plan of 2,000 steps, wide", 20, WIDE, plan("all"), (1, "just"), (1, "ninja")),
]
