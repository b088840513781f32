"""A CSV file as it comes out of a spreadsheet: with or without a BOM, commas or semicolons, read a record at a time.

The header is judged before the first row: a column that is not known or not there is told at once.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from services.registry.cells import CellKind, CellRefused, value
from shared.domain.texts import Text
from shared.web.problems import FieldError, Problem, error
from shared.web.schema_errors import did_you_mean

MAX_ROWS = 20_000
MAX_CELL = 1_000

csv.field_size_limit(64 * 1024)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: what it holds, and whether every row must say something."""

    name: str
    kind: CellKind
    required: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file (the header is 1), the JSON values of its cells, what is wrong with it."""

    number: int
    values: Mapping[str, str | float | bool]
    errors: tuple[FieldError, ...] = ()


class CsvFile:
    """A file with its header read. Raises `Problem` (400) for one that is not such a file."""

    def __init__(self, file: IO[bytes], columns: Sequence[Column]) -> None:
        self._columns = {column.name: column for column in columns}
        self._lines = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        try:
            first = self._lines.readline(64 * 1024)
        except UnicodeDecodeError:
            raise _not_utf8() from None
        self.delimiter = ";" if first.count(";") > first.count(",") else ","
        self._header = self._read_header(first)

    def _read_header(self, first: str) -> list[str]:
        names = [cell.strip() for cell in next(csv.reader([first], delimiter=self.delimiter), [])]
        wrong = [
            error("unknown-field", f"/header/{index}", _hint(name, list(self._columns)))
            for index, name in enumerate(names)
            if name not in self._columns
        ]
        wrong += [error("named-twice", f"/header/{index}") for index, name in enumerate(names) if name in names[:index]]
        missing = [name for name, column in self._columns.items() if column.required and name not in names]
        wrong += [error("missing", "/header", Text(f"kolom {name}", f"column {name}")) for name in missing]
        if wrong:
            raise Problem(400, "csv-header", wrong)
        return names

    def rows(self) -> Iterator[Row]:
        """The rows, in order, one at a time; empty ones are passed over. A row that cannot be read says why."""
        reader = csv.reader(self._lines, delimiter=self.delimiter, strict=True)
        number = 1
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (csv.Error, UnicodeDecodeError) as wrong:
                code = "encoding" if isinstance(wrong, UnicodeDecodeError) else "csv-quotes"
                yield Row(number, {}, (error(code),))
                return
            if number > MAX_ROWS + 1:
                yield Row(number, {}, (error("too-many-rows", "", _most()),))
                return
            if any(cell.strip() for cell in cells):
                yield self._row(number, cells)

    def _row(self, number: int, cells: Sequence[str]) -> Row:
        if len(cells) != len(self._header):
            hint = Text(f"de kop heeft {len(self._header)} kolommen", f"the header has {len(self._header)} columns")
            return Row(number, {}, (error("row-length", "", hint),))
        found: dict[str, str | float | bool] = {}
        wrong: list[FieldError] = []
        for name, cell in zip(self._header, cells, strict=True):
            try:
                if len(cell) > MAX_CELL:
                    raise CellRefused("length")
                told = value(self._columns[name].kind, cell, decimal_comma=self.delimiter == ";")
            except CellRefused as refused:
                wrong.append(error(refused.code, f"/{name}", refused.hint))
                continue
            if told is not None:
                found[name] = told
        return Row(number, found, tuple(wrong))


def _hint(name: str, columns: Sequence[str]) -> Text:
    names = ", ".join(columns)
    return did_you_mean(name, columns) or Text(f"kies uit: {names}", f"choose from: {names}")


def _not_utf8() -> Problem:
    hint = Text("bewaar het bestand als CSV UTF-8", "save the file as CSV UTF-8")
    return Problem(400, "encoding", [error("encoding", "", hint)])


def _most() -> Text:
    return Text(f"hoogstens {MAX_ROWS} rijen per bestand", f"at most {MAX_ROWS} rows per file")
