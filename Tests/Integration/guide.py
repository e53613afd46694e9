"""A page of instructions as something that can be followed: commands, files, and what they print."""
import re
import shlex

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
# The paragraph before a file's text ends with its name: "`journal.c` goes on:".
NAMED = re.compile(r"`([\w./-]+\.(?:c|h|toml))`[^`]*:\n*$")


class Guide:
    """`steps` are shell commands; `files` the texts to be appended, by name; `printed` lines that must appear."""

    def __init__(self, text):
        self.steps, self.files, self.printed = [], {}, []
        for block in FENCE.finditer(text):
            language, body = block.groups()
            if language == "sh":
                self.steps.append(body)
            elif language == "text":
                self.printed += body.splitlines()
            else:
                self.take_file(text[:block.start()], body)

    def take_file(self, before, body):
        paragraph = before.rstrip().split("\n\n")[-1]
        named = NAMED.search(paragraph)
        assert named, f"which file? {paragraph}"
        name = named.group(1)
        # Parts of a file are set apart by an empty line, as they were before they were parts.
        gap = "\n" if name in self.files else ""
        self.files[name] = self.files.get(name, "") + gap + body
        self.steps.append(f"printf %s {shlex.quote(gap + body)} >>{shlex.quote(name)}\n")

    def script(self):
        return "set -euo pipefail\n" + "".join(self.steps)
