"""Spreadsheets as bytes, from and to people's programs: text in cells, nothing about what it means."""

from issuer.csv_text import neutralised, write_csv
from issuer.sheets.reading import read_table
from issuer.sheets.table import MAX_BYTES, Line, Table
from issuer.sheets.writing import write_xlsx

__all__ = ["MAX_BYTES", "Line", "Table", "neutralised", "read_table", "write_csv", "write_xlsx"]
