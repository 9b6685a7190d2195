"""Tables and bars on a terminal, also on a narrow one: names and numbers are never cut, ornaments go first."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn
    from rich.table import Table

WIDE = 80
"""Letters in a line from which there is room for frames and bars."""


def table(title: str, names: str, *numbers: str) -> "Table":
    """A table whose first column are names and whose others are numbers, with its title above it."""
    from rich.box import HEAVY_HEAD
    from rich.console import Console
    from rich.table import Table

    frame = {"box": HEAVY_HEAD} if (wide := Console().width >= WIDE) else {"box": None, "padding": (0, 1, 0, 0)}
    made = Table(title=title, title_style="bold", title_justify="center" if wide else "left", **frame)
    made.add_column(names, min_width=12)  # its words may stand below one another
    for number in numbers:
        made.add_column(number, justify="right", no_wrap=True)
    return made


def bar(*columns: "str | ProgressColumn") -> "Progress":
    """A bar on stderr: what is being done, how much of it, and these columns."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    console = Console(stderr=True)
    wide = console.width >= WIDE
    first = (TextColumn("{task.description:<28}"), BarColumn()) if wide else (TextColumn("{task.description}"),)
    others = [TextColumn(column) if isinstance(column, str) else column for column in columns]
    return Progress(*first, *others, console=console)
