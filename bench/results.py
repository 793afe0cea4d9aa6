"""What the benchmarks share: which machine this is, and where results are kept."""

import os
import subprocess
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FILE = os.path.join(ROOT, "bench", "RESULTS.md")


def machine():
    model = "processor"
    with open("/proc/cpuinfo", encoding="utf-8") as cpus:
        model = next((line.split(":")[1].strip() for line in cpus if line.startswith("model name")), model)
    return f"{os.cpu_count()} × {model}, {os.uname().sysname} {os.uname().release}"


def save(title, about, lines):
    """Appends a section with the date, the commit and the machine."""
    commit = git("rev-parse", "--short", "HEAD") + (" with changes" if git("status", "--porcelain", "-uno") else "")
    heading = ", ".join(part for part in [title, time.strftime("%Y-%m-%d", time.gmtime()), commit] if part)
    with open(FILE, "a", encoding="utf-8") as file:
        file.write(f"\n## {heading}\n\n{machine()}. {about}\n\n" + "\n".join(lines) + "\n")


def git(*arguments):
    return subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True).stdout.strip()
