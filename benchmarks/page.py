"""Put the tables of a run into a page, in place of those of the run before."""

BEGIN = "<!-- bench: from here to the other mark `testamur bench --write` writes -->"
END = "<!-- bench: to here -->"


def written_between_marks(page: str, tables: str) -> str:
    """Give the page with the tables between its marks; raises ValueError where it has not both, in order."""
    before, begin, rest = page.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page has no line {BEGIN!r} with a line {END!r} after it")
    return f"{before}{BEGIN}\n\n{tables}\n\n{END}{after}"
