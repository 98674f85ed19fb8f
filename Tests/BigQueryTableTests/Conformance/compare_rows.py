#!/usr/bin/env python3
"""Compares rows with what pydicom reads in the same files.

    compare_rows.py ROWS

ROWS has one JSON object a line: {"file": PATH, "row": {COLUMN: text or number}, "metadata": {COLUMN: text or number}}, the row
of each schema, or {"file": PATH, "error": REASON}. What a row
should be is derived here from pydicom's raw elements and dictionary; nothing is shared with the code under test. Prints each
difference and a summary; exit status 1 if there is any.
"""

import collections
import datetime
import json
import re
import struct
import sys
import warnings

import private_elements
import pydicom
from pydicom import charset, datadict
from pydicom.dataelem import RawDataElement

warnings.simplefilter("ignore")

INTEGERS = {"US": "H", "UL": "I", "UV": "Q", "SS": "h", "SL": "i", "SV": "q"}
REALS = {"FL": "f", "FD": "d"}
TEXTS = {"AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UI", "UR", "UT"}
WHOLE = {"ST", "LT", "UT", "UR"}
TRIMMED_AT_END = {"ST", "LT", "UT", "UC", "UR", "TM", "DT"}
SKIPPED = {0x7FE00008, 0x7FE00009, 0x7FE00010, 0x00020001, 0xFFFCFFFC}
# Sequences nested deeper are dropped, by the default of limits.sequenceDepth.
DEPTH = 15
TYPES = {"AT": "INTEGER", "DA": "DATE", "TM": "TIME", "DT": "TIMESTAMP", "PN": "PN", "SQ": "SQ", "US or SS": "INTEGER"}
TYPES |= {vr: "INTEGER" for vr in INTEGERS} | {vr: "FLOAT" for vr in REALS}
TYPES |= {vr: "STRING" for vr in TEXTS if vr not in TYPES}

Element = collections.namedtuple("Element", "tag vr value is_little items")
Scope = collections.namedtuple("Scope", "encodings offset is_signed")


class Invalid(Exception):
    """The value does not fit its column."""


def base(tag):
    """The tag that a repeating group's keyword has."""
    group = tag >> 16
    if group % 2 == 0 and (0x5000 <= group <= 0x50FE or 0x6000 <= group <= 0x60FE):
        return tag & 0xFF00FFFF
    return tag


def entry(tag):
    """VR, VM and keyword in pydicom's dictionary, or None. Of repeaters only curves and overlays count."""
    if tag >> 16 & 1:
        return None
    if tag in datadict.DicomDictionary:
        vr, vm, _, _, keyword = datadict.DicomDictionary[tag]
    elif base(tag) != tag or tag >> 16 in (0x5000, 0x6000):
        mask = f"{tag >> 24:02X}xx{tag & 0xFFFF:04X}"
        found = datadict.RepeatersDictionary.get(mask)
        if not found:
            return None
        vr, vm, _, _, keyword = found
    else:
        return None
    return (vr, vm, keyword) if keyword else None


memory = {}


def elements(dataset):
    """The elements with their bytes, in order. Kept while a file is compared: pydicom takes its time."""
    if id(dataset) not in memory:
        memory[id(dataset)] = dataset, list(read_elements(dataset))
    return memory[id(dataset)][1]


def read_elements(dataset):
    meta = getattr(dataset, "file_meta", None)
    for source in (meta, dataset):
        for tag in sorted(source.keys()) if source is not None else ():
            raw = source.get_item(tag)
            tag = int(tag)
            known = entry(tag)
            is_raw = isinstance(raw, RawDataElement)
            if not is_raw and raw.VR == "SQ" or is_raw and (
                raw.VR == "SQ" or raw.VR in (None, "UN") and known and known[0] == "SQ" and raw.value
            ):
                items = list(source[tag].value or [])
                yield Element(tag, "SQ", b"", True, items)
            elif is_raw:
                vr = raw.VR or (known[0] if known else "UN")
                yield Element(tag, vr, raw.value or b"", raw.is_little_endian or raw.VR == "UN", None)
            else:
                value = raw.value
                if isinstance(value, bytes):
                    data = value
                elif isinstance(value, int):
                    data = struct.pack("<" + INTEGERS[raw.VR], value)
                else:
                    values = value if isinstance(value, (list, pydicom.multival.MultiValue)) else [value]
                    data = "\\".join("" if v is None else str(v) for v in values).encode("latin-1")
                yield Element(tag, raw.VR, data, True, None)


def scope_of(dataset, outer):
    """What the data set says of its own values."""
    encodings, offset, is_signed = outer
    for element in elements(dataset):
        if element.tag == 0x00080005 and element.value.strip(b" \0"):
            terms = element.value.strip(b" \0").decode("latin-1").split("\\")
            try:
                encodings = charset.convert_encodings([term.strip() for term in terms])
            except LookupError:
                encodings = ["latin-1"]
        elif element.tag == 0x00080201:
            parsed = utc_offset(element.value.decode("latin-1").strip(" \0"))
            offset = offset if parsed is None else parsed
        elif element.tag == 0x00280103 and len(element.value) == 2:
            is_signed = struct.unpack("<H" if element.is_little else ">H", element.value)[0] == 1
    return Scope(encodings, offset, is_signed)


def is_no_offset(element):
    """A time zone that is none."""
    text = element.value.decode("latin-1").strip(" \0") if element.tag == 0x00080201 else ""
    return bool(text) and utc_offset(text) is None


def decode(element, vr, scope):
    """Text of the whole value."""
    if all(byte < 0x80 for byte in element.value) and b"\x1b" not in element.value:
        return element.value.decode("ascii")
    if vr == "UI":
        # No character set concerns UIDs, and what is not ASCII is none of theirs.
        return "".join(chr(byte) if byte < 0x80 else "\ufffd" for byte in element.value)
    delimiters = {"PN": {0x5C, 0x5E, 0x3D, 0x0A, 0x0C, 0x0D, 0x09}}.get(vr, set(charset.TEXT_VR_DELIMS))
    if vr not in WHOLE:
        delimiters = delimiters | {0x5C}
    return charset.decode_bytes(element.value, list(scope.encodings), delimiters)


def trim(text, vr):
    text = text.rstrip(" \0")
    return text if vr in TRIMMED_AT_END else text.lstrip(" \0")


def values(element, vr, scope):
    """Text values, each trimmed; none at all if there is only padding."""
    text = decode(element, vr, scope)
    if not trim(text, vr):
        return []
    return [trim(value, vr) for value in ([text] if vr in WHOLE else text.split("\\"))]


# LUT descriptors, retired ones too: their first and third value are unsigned (PS3.3 C.11.1.1).
DESCRIPTORS = {*range(0x00281100, 0x00281105), *range(0x00281111, 0x00281114), 0x00283002}


def numbers(element, vr):
    code = {**INTEGERS, **REALS, "AT": "HH"}[vr]
    form = ("<" if element.is_little else ">") + code
    if len(element.value) % struct.calcsize(form):
        raise Invalid
    found = [n for n in struct.iter_unpack(form, element.value)]
    if vr == "SS" and element.tag in DESCRIPTORS:
        return [n[0] if index == 1 else n[0] & 0xFFFF for index, n in enumerate(found)]
    return [n[0] << 16 | n[1] for n in found] if vr == "AT" else [n[0] for n in found]


# What text in a VR that only the private dictionary tells may consist of.
PLAUSIBLE = {
    "DA": rb"[0-9.]", "UI": rb"[0-9.]", "TM": rb"[0-9.:]", "DT": rb"[0-9.+-]", "DS": rb"[0-9.+eE-]", "IS": rb"[0-9+-]",
    "AS": rb"[0-9DWMY]",
}
PLAUSIBLE |= {vr: rb"[\x20-\x7e]" for vr in ("AE", "CS", "UR")}
PLAUSIBLE |= {vr: rb"[\x20-\x7e\x80-\xff\x1b]" for vr in ("LO", "PN", "SH", "UC")}
PLAUSIBLE |= {vr: rb"[\x20-\x7e\x80-\xff\x1b\t\n\f\r]" for vr in ("LT", "ST", "UT")}


def private_vr(dataset, element, scope):
    """The VR of an element in UN: the private dictionary's if there is one, and if the value can be that."""
    if not private_elements.is_element(element.tag) or element.items is not None:
        return "UN"
    creator = private_elements.creator_tag(element.tag)
    names = [e.value for e in elements(dataset) if e.tag == creator and e.items is None]
    known = private_elements.entry(element.tag, names[-1]) if names else None
    if not known or not element.value:
        return known[0] if known else "UN"
    vr, vm = known
    if vr in PLAUSIBLE:
        text = element.value.rstrip(b" \0")
        if not re.fullmatch(rb"(?:" + PLAUSIBLE[vr] + rb"|[ \\])*", text, re.DOTALL):
            return "UN"
        decoded = decode(element._replace(value=text), vr, scope)
        return "UN" if re.search("[\x80-\x9f\ufffd]", decoded) else vr
    if vr in INTEGERS or vr in REALS or vr in ("AT", "US or SS"):
        try:
            found = numbers(element, "US" if vr == "US or SS" else vr)
        except Invalid:
            return "UN"
        is_finite = all(abs(n) < float("inf") for n in found)
        return vr if private_elements.admits(vm, len(found)) and is_finite else "UN"
    return "UN"


def number_text(value):
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            return {True: "NaN", False: "Infinity" if value > 0 else "-Infinity"}[value != value]
        is_whole = value == int(value) and abs(value) < 2**53 and str(value) != "-0.0"
        return str(int(value)) if is_whole else repr(value)
    return str(value)


def date(text):
    match = re.fullmatch(r"(\d{4})(\d\d)(\d\d)|(\d{4})\.(\d\d)\.(\d\d)", text, re.ASCII)
    if not match:
        raise Invalid
    try:
        return datetime.date(*(int(part) for part in match.groups() if part)).isoformat()
    except ValueError:
        raise Invalid from None


def clock(hour, minute, second, fraction):
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
        raise Invalid
    micros = int((fraction or "0").ljust(6, "0"))
    return hour, minute, second, micros


def time(text):
    match = re.fullmatch(r"(\d\d)(?:(\d\d)(?:(\d\d)(?:\.(\d{1,6}))?)?)?", text, re.ASCII) or re.fullmatch(
        r"(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?", text, re.ASCII
    )
    if not match:
        raise Invalid
    hour, minute, second, fraction = match.groups()
    hour, minute, second, micros = clock(int(hour), int(minute or 0), int(second or 0), fraction)
    return f"{hour:02}:{minute:02}:{second:02}" + (f".{micros:06}" if micros else "")


def utc_offset(text):
    match = re.fullmatch(r"([+-])(\d\d)([0-5]\d)", text, re.ASCII)
    if not match:
        return None
    minutes = (int(match[2]) * 60 + int(match[3])) * (-1 if match[1] == "-" else 1)
    return minutes if -720 <= minutes <= 840 else None


def timestamp(text, default_offset):
    match = re.fullmatch(
        r"(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:\.(\d{1,6}))?)?)?)?)?)?([+-]\d{4})?", text, re.ASCII
    )
    if not match:
        raise Invalid
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    offset = default_offset if zone is None else utc_offset(zone)
    if offset is None:
        raise Invalid
    hour, minute, second, micros = clock(int(hour or 0), int(minute or 0), int(second or 0), fraction)
    try:
        when = datetime.datetime(int(year), int(month or 1), int(day or 1), hour, minute, second, micros)
        when -= datetime.timedelta(minutes=offset)
    except (ValueError, OverflowError):
        raise Invalid from None
    return when.strftime(f"{when.year:04}-%m-%d %H:%M:%S") + f".{when.microsecond:06}Z"


def person(text):
    result = {}
    for group, part in zip(("Alphabetic", "Ideographic", "Phonetic"), text.split("=")):
        names = [name.strip(" \0") for name in part.split("^", 4)]
        keys = ("FamilyName", "GivenName", "MiddleName", "NamePrefix", "NameSuffix")
        found = {key: name for key, name in zip(keys, names) if name}
        if found:
            result[group] = found
    return result


def integer(value):
    if isinstance(value, str):
        match = re.fullmatch(r"([+-]?\d+)(?:\.0*)?", value, re.ASCII)
        if not match:
            raise Invalid
        value = int(match[1])
    elif isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")) or value != int(value):
            raise Invalid
        value = int(value)
    if not -(2**63) <= value < 2**63:
        raise Invalid
    return value


def real(value):
    if isinstance(value, str):
        if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", value, re.ASCII):
            raise Invalid
        digits = re.sub(r"[eE].*", "", value).replace(".", "").lstrip("+-").strip("0")
        if len(digits) > 15:
            raise Invalid
        value = float(value)
    if value != value or value in (float("inf"), float("-inf")) or float(value) != value:
        raise Invalid
    return float(value)


def convert(element, vr, known, scope):
    """The value of a column; None if there is none."""
    kind = TYPES[known[0]]
    repeated = known[1] != "1"
    if not element.value:
        return None
    if vr in TEXTS:
        texts = values(element, vr, scope)
        if not texts:
            return None
        if kind == "STRING":
            return texts if repeated else "\\".join(texts)
        if kind == "PN":
            if repeated:
                names = [person(text) for text in texts]
                return names if any(names) or len(names) > 1 else None
            return person("\\".join(texts)) or None
        single = {
            "DATE": date,
            "TIME": time,
            "TIMESTAMP": lambda text: timestamp(text, scope.offset),
            "INTEGER": integer,
            "FLOAT": real,
        }[kind]
        if repeated:
            return [single(text) for text in texts if text] or None
        if len(texts) > 1:
            raise Invalid
        return single(texts[0])
    if vr in INTEGERS or vr in REALS or vr == "AT":
        found = numbers(element, vr)
        if kind == "STRING":
            if any(isinstance(n, float) and real(n) is None for n in found):
                raise Invalid
            texts = [number_text(n) for n in found]
            return texts if repeated else "\\".join(texts)
        if kind not in ("INTEGER", "FLOAT"):
            raise Invalid
        found = [(integer if kind == "INTEGER" else real)(n) for n in found]
        if repeated:
            return found
        if len(found) != 1:
            raise Invalid
        return found[0]
    raise Invalid


class Row:
    """What a file's row should be."""

    def __init__(self, dataset):
        self.drops = []
        scope = scope_of(dataset, Scope(["latin-1"], 0, False))
        self.columns = self.level(dataset, scope, "")
        if self.is_short(dataset):
            self.drop("PixelData", "TRUNCATED")
        if self.drops:
            self.columns["DroppedTags"] = self.drops

    @staticmethod
    def is_short(dataset):
        """The file ends within its pixel data, which are the last element then."""
        pixels = dataset.get_item("PixelData") if "PixelData" in dataset else None
        return isinstance(pixels, RawDataElement) and pixels.length != 0xFFFFFFFF and len(pixels.value) < pixels.length

    def drop(self, name, reason, text=None):
        self.drops.append({"TagName": name, "Reason": reason} | ({} if text is None else {"Value": text[:256]}))

    def level(self, dataset, scope, path):
        row, others, repeating = {}, [], {}
        for element in elements(dataset):
            tag = element.tag
            if tag in SKIPPED or tag & 0xFFFF == 0:
                continue
            known = entry(tag)
            name = known[2] if known else f"Tag_{tag:08X}"
            vr = element.vr
            if tag >> 16 & 1 and 0x10 <= tag & 0xFFFF <= 0xFF and vr != "SQ":
                vr = "LO"
            elif vr == "UN":
                vr = known[0] if known else private_vr(dataset, element, scope)
            if vr == "US or SS":
                vr = "SS" if scope.is_signed else "US"
            if element.items is not None and path.count("[") >= DEPTH:
                self.drop(path + name, "TOO_DEEP")
            elif element.items is not None and (not known or known[0] == "SQ"):
                items = [
                    self.level(item, scope_of(item, scope), f"{path}{name}[{index}].")
                    for index, item in enumerate(element.items)
                ]
                if items and tag >> 24 in (0x50, 0x60) and known:
                    repeating.setdefault(name, []).append({"Id": f"{tag >> 16:04X}", "Value": items})
                elif items:
                    row[name] = items
            elif element.items is not None:
                if element.items:
                    self.drop(path + name, "INVALID_VALUE")
            elif not known:
                self.other(element, vr, scope, others, path + name)
            elif known[0] not in TYPES:
                if element.value:
                    self.drop(path + name, "BINARY")
            elif known[0] == "SQ":
                if element.value and not (vr in TEXTS and not values(element, vr, scope)):
                    text = trim(decode(element, vr, scope), vr) if vr in TEXTS else None
                    self.drop(path + name, "INVALID_VALUE", text)
            else:
                try:
                    if is_no_offset(element):
                        raise Invalid
                    value = convert(element, vr, known, scope)
                except Invalid:
                    self.drop(path + name, "INVALID_VALUE", trim(decode(element, vr, scope), vr) if vr in TEXTS else None)
                    continue
                if value is None:
                    continue
                if tag >> 24 in (0x50, 0x60):
                    repeating.setdefault(name, []).append({"Id": f"{tag >> 16:04X}", "Value": value})
                else:
                    row[name] = value
        row |= repeating
        if others:
            row["OtherElements"] = others
        return row

    def other(self, element, vr, scope, others, name):
        if vr in TEXTS:
            data = values(element, vr, scope)
        elif vr in INTEGERS or vr in REALS or vr == "AT":
            try:
                data = [number_text(n) for n in numbers(element, vr)]
            except Invalid:
                return self.drop(name, "INVALID_VALUE")
        elif element.value:
            return self.drop(name, "BINARY")
        else:
            return None
        if data:
            others.append({"Tag": f"Tag_{element.tag:08X}", "Data": data})
        return None


class Metadata:
    """What a file's row in the JSON schema should be: the DICOM JSON Model (PS3.18 Annex F) without bulk data."""

    def __init__(self, dataset):
        self.drops = []
        scope = scope_of(dataset, Scope(["latin-1"], 0, False))
        self.columns = {"Metadata": self.level(dataset, scope, "")}
        if Row.is_short(dataset):
            self.drops.append("PixelData")
        if self.drops:
            self.columns["DroppedTags"] = self.drops

    def level(self, dataset, scope, path):
        result = {}
        for element in elements(dataset):
            tag, vr = element.tag, element.vr
            if tag in SKIPPED or tag & 0xFFFF == 0:
                continue
            known = entry(tag)
            name = path + (known[2] if known else f"Tag_{tag:08X}")
            if tag >> 16 & 1 and 0x10 <= tag & 0xFFFF <= 0xFF and vr != "SQ":
                vr = "LO"
            elif vr == "UN":
                vr = known[0] if known else private_vr(dataset, element, scope)
            if vr == "US or SS":
                vr = "SS" if scope.is_signed else "US"
            values_of = None
            if element.items is not None and path.count("[") >= DEPTH:
                self.drops.append(name)
                continue
            if element.items is not None:
                values_of = [self.level(item, scope_of(item, scope), f"{name}[{i}].") for i, item in enumerate(element.items)]
                vr = "SQ"
            elif is_no_offset(element):
                self.drops.append(name)
                continue
            elif vr in TEXTS:
                values_of = [self.text(value, vr) for value in values(element, vr, scope)]
            elif vr in INTEGERS or vr in REALS or vr == "AT":
                try:
                    values_of = numbers(element, vr)
                    for value in values_of:
                        if isinstance(value, float):
                            real(value)
                except Invalid:
                    self.drops.append(name)
                    continue
                if vr == "AT":
                    values_of = [f"{value:08X}" for value in values_of]
            elif element.value:
                self.drops.append(name)
                continue
            else:
                vr = "OW" if " or " in vr else vr
            result[f"{tag:08X}"] = {"vr": vr} | ({"Value": values_of} if values_of else {})
        return result

    @staticmethod
    def text(value, vr):
        if not value:
            return None
        if vr == "PN":
            groups = zip(("Alphabetic", "Ideographic", "Phonetic"), (group.strip(" \0") for group in value.split("=")))
            return {key: group for key, group in groups if group}
        if vr in ("IS", "DS") and re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", value, re.ASCII):
            return int(value) if re.fullmatch(r"[+-]?\d+", value, re.ASCII) and float(value) else float(value)
        return value


def key_order(value, path=""):
    """Complains of keys that are not in the order of tags."""
    if isinstance(value, list):
        for item in value:
            yield from key_order(item, path)
    elif isinstance(value, dict) and not value.keys() & {"Alphabetic", "Ideographic", "Phonetic", "Id", "TagName", "Tag", "vr"}:
        order = []
        for key in value:
            if key == "OtherElements":
                order.append(0xFFFF0000)
            elif key.startswith("Tag_"):
                order.append(int(key[4:], 16))
            elif re.fullmatch("[0-9A-F]{8}", key):
                order.append(int(key, 16))
            else:
                tag = datadict.tag_for_keyword(key)
                if tag is None:
                    tag = next(int(m.replace("xx", "00"), 16) for m, v in datadict.RepeatersDictionary.items() if v[4] == key)
                order.append(tag)
        if order != sorted(order):
            yield f"{path}: keys out of order: {list(value)}"
        for key, item in value.items():
            yield from key_order(item, f"{path}.{key}")


def compare(expected, actual):
    """Yields a line for each difference."""
    for name in sorted(expected.keys() | actual.keys()):
        want, got = expected.get(name), actual.get(name)
        if isinstance(want, (list, dict)) and isinstance(got, str):
            got = json.loads(got)
            yield from key_order(got, name)
        if name == "DroppedTags" and want and got:
            want, got = (sorted(json.dumps(entry, sort_keys=True) for entry in side) for side in (want, got))
        if want != got or isinstance(want, (int, float)) and type(want) is not type(got):
            if isinstance(want, dict) and isinstance(got, dict):
                keys = [key for key in want.keys() | got.keys() if want.get(key) != got.get(key)]
                want, got = ({key: side[key] for key in keys if key in side} or side for side in (want, got))
            elif isinstance(want, list) and isinstance(got, list):
                want, got = [x for x in want if x not in got] or want, [x for x in got if x not in want] or got
            yield f"{name}: expected {json.dumps(want)[:600]}, got {json.dumps(got)[:600]}"


def main():
    differences = files = cells = skipped = 0
    for line in open(sys.argv[1], encoding="utf-8"):
        record = json.loads(line)
        path = record["file"]
        memory.clear()
        try:
            dataset = pydicom.dcmread(path, force=True)
            expected = Row(dataset).columns
            metadata = Metadata(dataset).columns
        except Exception as error:  # whatever pydicom makes of a file that is no data set
            if "error" in record:
                skipped += 1
                print(f"{path}: neither reads it: {record['error']}; {type(error).__name__}")
            else:
                print(f"{path}: only pydicom fails: {type(error).__name__}: {error}")
            continue
        if "error" in record:
            skipped += 1
            print(f"{path}: no row: {record['error']} ({len(expected)} columns by pydicom)")
            continue
        files += 1
        cells += len(expected)
        for difference in compare(expected, record["row"]):
            differences += 1
            print(f"{path}: {difference}")
        actual = {name: record["metadata"].get(name) for name in metadata.keys() | record["metadata"].keys() & {"DroppedTags"}}
        if "DroppedTags" in metadata:
            metadata["DroppedTags"] = sorted(metadata["DroppedTags"])
            actual["DroppedTags"] = json.dumps(sorted(json.loads(actual["DroppedTags"] or "[]")))
        cells += len(metadata["Metadata"])
        for difference in compare(metadata, actual):
            differences += 1
            print(f"{path}: in the JSON schema: {difference}")
    print(f"{files} rows, {cells} values, {differences} differences, {skipped} files without a row")
    sys.exit(1 if differences or not files else 0)


main()
