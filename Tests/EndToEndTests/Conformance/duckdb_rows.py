"""Reads an exported table into DuckDB, by the types of its schema, and compares it with the table, row for row.

    duckdb_rows.py DATABASE TABLE SCHEMA ROWS

DATABASE is the dataset's file and TABLE the table in it, SCHEMA what `dicomexportctl tables schema` has printed and ROWS
what `dicomexportctl tables export` has. Ends with 77 where there is no DuckDB.
"""

import datetime
import json
import sqlite3
import sys

try:
    import duckdb
except ImportError:
    print("no duckdb in", sys.executable)
    sys.exit(77)

TYPES = {
    "STRING": "VARCHAR", "INTEGER": "BIGINT", "FLOAT": "DOUBLE", "DATE": "DATE", "TIME": "TIME",
    "TIMESTAMP": "TIMESTAMP", "JSON": "JSON",
}


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def duck_type(field):
    if field["type"] == "RECORD":
        name = "STRUCT(" + ", ".join(f"{quoted(f['name'])} {duck_type(f)}" for f in field["fields"]) + ")"
    else:
        name = TYPES[field["type"]]
    return name + "[]" if field["mode"] == "REPEATED" else name


def expected(value, field, repeated=None):
    """A value of the table as DuckDB's Python hands it out."""
    if repeated is None:
        repeated = field["mode"] == "REPEATED"
    if value is None:
        return None
    if repeated:
        return [expected(element, field, False) for element in value]
    if field["type"] == "RECORD":
        unknown = set(value) - {f["name"] for f in field["fields"]}
        assert not unknown, f"{field['name']} has fields that its schema lacks: {unknown}"
        return {f["name"]: expected(value.get(f["name"]), f) for f in field["fields"]}
    if field["type"] == "DATE":
        return datetime.date.fromisoformat(value)
    if field["type"] == "TIME":
        return datetime.time.fromisoformat(value)
    if field["type"] == "TIMESTAMP":
        return datetime.datetime.fromisoformat(value.removesuffix("Z"))
    if field["type"] == "FLOAT":
        return float(value)
    return value


def main():
    database, table, schema_path, rows_path = sys.argv[1:]
    schema = json.load(open(schema_path))
    names = {field["name"] for field in schema}

    # The lines themselves: each an object of known columns, and what is NULL left out.
    lines = open(rows_path, encoding="utf-8", newline="\n").read().split("\n")
    assert lines.pop() == "", "the last line is not ended"
    for line in lines:
        row = json.loads(line)
        assert set(row) <= names, set(row) - names
        assert None not in row.values()

    columns = "{" + ", ".join(f"'{f['name']}': '{duck_type(f)}'" for f in schema) + "}"
    duck = duckdb.connect()
    found = duck.execute(
        f"SELECT * FROM read_json('{rows_path}', format='newline_delimited', columns={columns}, "
        "maximum_object_size=268435456)"
    ).fetchall()

    file = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    select = ", ".join(quoted(field["name"]) for field in schema)
    count = nested = 0
    for index, row in enumerate(file.execute(f"SELECT {select} FROM {quoted(table)} ORDER BY rowid")):
        for field, value, got in zip(schema, row, found[index]):
            if value is not None and (field["type"] == "RECORD" or field["mode"] == "REPEATED"):
                value = json.loads(value)
                nested += 1
            if field["type"] == "JSON" and value is not None:
                value, got = json.loads(value), json.loads(got)
            wanted = expected(value, field)
            assert got == wanted, f"row {index + 1}, {field['name']}: {got!r} instead of {wanted!r}"
        count += 1
    assert count == len(found) == len(lines), f"{len(found)} rows instead of {count}"
    print(f"{count} rows of {len(schema)} columns, {nested} nested values, are the same in DuckDB {duckdb.__version__}")


main()
