#!/usr/bin/env python3
"""Holds the elements of files, as pydicom reads them, against what became of them in rows: none may be lost.

    count_elements.py ROWS

ROWS is as for compare_rows.py. For each file and schema:

    elements in = values in the row + entries of DroppedTags + elements that a rule leaves out

The first is counted from pydicom alone, the next two from the row alone, the last from pydicom, rule by rule. A file without a
row has to be listed below with its reason, and what is listed has to occur, if the files are pydicom's. Exit status 1 if
anything does not hold.
"""

import collections
import json
import pathlib
import sys
import warnings

import private_elements
import pydicom
from pydicom import config, datadict
from pydicom.dataelem import RawDataElement

warnings.simplefilter("ignore")
config.settings.reading_validation_mode = config.IGNORE

BINARY = {"OB", "OD", "OF", "OL", "OV", "OW", "UN"}
NUMERIC = {"US", "UL", "UV", "SS", "SL", "SV", "FL", "FD", "AT"}
# Sequences nested deeper are dropped, by the default of limits.sequenceDepth.
DEPTH = 15
PIXELS = {0x7FE00008, 0x7FE00009, 0x7FE00010}
NEVER = {0x00020001: "FileMetaInformationVersion", 0xFFFCFFFC: "padding"}

# Files of pydicom that have no row: the reason that the service gives, and why it is right.
REFUSED = {
    "no_meta.dcm": ("notDICOM", "a preamble without DICM, and no file meta"),
    "README": ("notDICOM", "a text"),
    "rtplan_truncated.dcm": ("truncated", "ends within a sequence"),
    "DICOMDIR": ("notAnInstance", "a directory of files"),
    "DICOMDIR-bigEnd": ("notAnInstance", "a directory of files"),
    "DICOMDIR-empty.dcm": ("notAnInstance", "a directory of files"),
    "DICOMDIR-implicit": ("notAnInstance", "a directory of files"),
    "DICOMDIR-nooffset": ("notAnInstance", "a directory of files"),
    "DICOMDIR-nopatient": ("notAnInstance", "a directory of files"),
    "DICOMDIR-reordered": ("notAnInstance", "a directory of files"),
}


class Count:
    """Elements of a file by what has to become of them."""

    def __init__(self, dataset):
        self.total = 0
        self.rules = collections.Counter()
        self.empty = 0
        for source in (getattr(dataset, "file_meta", None), dataset):
            if source is not None:
                self.walk(source)

    def walk(self, dataset, depth=0):
        for tag in list(dataset.keys()):
            raw, tag = dataset.get_item(tag), int(tag)
            self.total += 1
            if tag & 0xFFFF == 0:
                self.rules["group length"] += 1
            elif tag in PIXELS:
                is_short = depth == 0 and isinstance(raw, RawDataElement) and raw.length != 0xFFFFFFFF and len(raw.value) < raw.length
                # That it is short is listed.
                self.rules["pixel data"] += not is_short
            elif tag in NEVER:
                self.rules[NEVER[tag]] += 1
            else:
                self.element(dataset, tag, raw, depth)

    def element(self, dataset, tag, raw, depth):
        vr = raw.VR
        if vr in (None, "UN"):
            vr = datadict.dictionary_VR(tag) if not tag >> 16 & 1 and datadict.dictionary_has_tag(tag) else "UN"
        if not isinstance(raw, RawDataElement) and raw.VR == "SQ" or raw.VR == "SQ" or vr == "SQ" and raw.value:
            items = dataset[tag].value or []
            if depth >= DEPTH:
                # The sequence is dropped, with what is in it.
                inner = Count(None)
                for item in items:
                    inner.walk(item, depth + 1)
                self.total += inner.total
                self.rules["inside of a dropped sequence"] += inner.total
                return
            self.empty += not items
            for item in items:
                self.walk(item, depth + 1)
            return
        value = raw.value if isinstance(raw, RawDataElement) else pydicom_bytes(raw.value)
        if vr == "UN" and private_elements.is_element(tag):
            creator = dataset.get_item(private_elements.creator_tag(tag)) if private_elements.creator_tag(tag) in dataset else None
            name = creator.value if isinstance(creator, RawDataElement) else pydicom_bytes(creator and creator.value)
            known = private_elements.entry(tag, name or b"")
            # Of a sequence of defined length nothing is read.
            vr = known[0] if known and known[0] != "SQ" else "UN"
        if not value:
            self.empty += 1
        elif vr not in BINARY | NUMERIC and " or " not in vr and not value.strip(b" \0"):
            self.empty += 1
        elif vr == "PN" and not tag >> 16 & 1 and not value.strip(b" \0^=\\"):
            self.rules["name without parts"] += 1


def pydicom_bytes(value):
    if isinstance(value, bytes):
        return value
    return b"" if value is None else str(value).encode()


def is_sequence(key):
    if key.startswith("Tag_"):
        return True
    tag = datadict.tag_for_keyword(key)
    if tag is None:
        return next(entry[0] for entry in datadict.RepeatersDictionary.values() if entry[4] == key) == "SQ"
    return datadict.dictionary_VR(tag) == "SQ"


def is_repeating(key):
    return datadict.tag_for_keyword(key) is None and not key.startswith("Tag_") and key != "OtherElements"


def values_out(record):
    """Elements in the columns of a row, or in the fields of an item."""
    count = 0
    for key, value in record.items():
        if key == "OtherElements":
            count += len(value)
        elif is_repeating(key):
            count += len(value)
            if is_sequence(key):
                count += sum(values_out(item) for entry in value for item in entry["Value"])
        else:
            count += 1
            if is_sequence(key):
                count += sum(values_out(item) for item in value)
    return count


def attributes_out(record):
    return sum(
        1 + (sum(attributes_out(item) for item in attribute.get("Value", [])) if attribute["vr"] == "SQ" else 0)
        for attribute in record.values()
    )


def parsed(row):
    """A row with its JSON read: text columns that are not sequences do not matter here."""
    result = {}
    for key, value in row.items():
        is_json = key in ("OtherElements", "DroppedTags", "Metadata") or is_repeating(key) or is_sequence(key)
        result[key] = json.loads(value) if is_json else value
    return result


def problems(record):
    count = Count(pydicom.dcmread(record["file"], force=True))
    row = parsed(record["row"])
    dropped = row.pop("DroppedTags", [])
    left_out = sum(count.rules.values()) + count.empty
    out = values_out(row)
    if count.total != out + len(dropped) + left_out:
        yield f"{count.total} elements, {out} values, {len(dropped)} dropped, {count.empty} empty, {dict(count.rules)}"
    dropped = json.loads(record["metadata"].get("DroppedTags", "[]"))
    # In the JSON schema what is empty stands with its VR, and names are whole.
    left_out = sum(number for rule, number in count.rules.items() if rule != "name without parts")
    attributes = attributes_out(json.loads(record["metadata"]["Metadata"]))
    if count.total != attributes + len(dropped) + left_out:
        yield f"JSON: {count.total} elements, {attributes} attributes, {len(dropped)} dropped, {dict(count.rules)}"
    sums.update({"elements": count.total, "values": out, "dropped": len(row) and len(parsed(record["row"]).get("DroppedTags", []))})
    sums.update({"empty": count.empty} | count.rules)


sums = collections.Counter()


def main():
    files = failures = 0
    seen = set()
    is_pydicoms = False
    for line in open(sys.argv[1], encoding="utf-8"):
        record = json.loads(line)
        name = pathlib.Path(record["file"]).name
        is_pydicoms = is_pydicoms or "test_files" in record["file"]
        if "error" in record:
            seen.add(name)
            reason = REFUSED.get(name, ("no", ""))[0]
            if not record["error"].startswith(reason + " "):
                failures += 1
                print(f"{name}: no row, and not listed so: {record['error']}")
            continue
        files += 1
        for problem in problems(record):
            failures += 1
            print(f"{name}: {problem}")
    if is_pydicoms:
        for name in REFUSED.keys() - seen:
            failures += 1
            print(f"{name}: listed as refused, and is not")
    print(f"{files} rows, {failures} problems; " + ", ".join(f"{name}: {number}" for name, number in sums.items()))
    sys.exit(1 if failures or not files else 0)


main()
