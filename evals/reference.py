"""The command line as a page, made from the commands themselves: `python -m evals.reference > docs/cli.md`."""

import sys
from collections.abc import Iterator

import typer.main
from typer.core import TyperCommand, TyperGroup

from evals.cli import eval_app  # noqa: F401 - adds its commands to the program
from qa.cli import app
from qa.commands.ending import BROKEN_PIPE, FAILED, INTERRUPTED
from qa.commands.options import FAILED_CHECK, NO_ANSWER

EXIT_CODES = {
    0: "done; for a batch: every line has its result",
    FAILED: "failure: one message on stderr says what, where and what to do",
    2: "usage: an option or argument that isn't one",
    NO_ANSWER: "no supported answer, passage or place",
    FAILED_CHECK: "a verification that failed, or a regression",
    INTERRUPTED: "interrupted (Ctrl-C)",
    BROKEN_PIPE: "whoever read the output went away",
}
HEAD = """# The command line

Made by `python -m evals.reference > docs/cli.md` from the commands themselves; a test holds the two together. Help
stands in both languages, as `qa COMMAND --help` prints it.

Results go to stdout, notices to stderr. Where the output is no terminal there are no escape codes; `NO_COLOR` is
heeded. Shares are written `0.6` or `0,6`. `--lang` may stand before the command or after it.

| exit code | meaning |
|---|---|"""


def page() -> str:
    """Return the page, in Markdown."""
    codes = [f"| {code} | {meaning} |" for code, meaning in EXIT_CODES.items()]
    return "\n".join([HEAD, *codes, *_described(typer.main.get_group(app), "qa")]) + "\n"


def _described(command: TyperCommand | TyperGroup, name: str) -> Iterator[str]:
    """Yield the lines of a command, and of those below it; `name` is all that is typed to call it."""
    context = command.context_class(command, info_name=name)
    usage = " ".join([name, *command.collect_usage_pieces(context)])
    yield from ("", f"## {name}", f"    {usage}", "", command.help or "")
    told = [record for record in (each.get_help_record(context) for each in command.params) if record]
    if told:
        yield ""
        yield from (f"- `{names}`: {' '.join(text.split())}" for names, text in told)
    for below, each in getattr(command, "commands", {}).items():
        yield from _described(each, f"{name} {below}")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(page())
