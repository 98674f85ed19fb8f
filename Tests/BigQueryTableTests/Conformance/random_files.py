#!/usr/bin/env python3
"""Writes files of random elements: valid, padded, empty, in the wrong VR, nested, private, repeating, in all encodings.

    random_files.py DIRECTORY COUNT SEED
"""

import pathlib
import random
import struct
import sys

import private_elements
from pydicom import datadict
from pydicom._private_dict import private_dictionaries

LONG = {"OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"}
NUMBERS = {"US": "H", "UL": "I", "UV": "Q", "SS": "h", "SL": "i", "SV": "q", "FL": "f", "FD": "d"}
TEXTS = ["AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UI", "UR", "UT"]
BINARY = ["OB", "OD", "OF", "OL", "OV", "OW", "UN"]
SYNTAXES = {"implicit": "1.2.840.10008.1.2", "explicit": "1.2.840.10008.1.2.1", "big": "1.2.840.10008.1.2.2"}
CHARSETS = {
    "ISO_IR 100": "latin-1",
    "ISO_IR 101": "iso8859-2",
    "ISO_IR 144": "iso8859-5",
    "ISO_IR 192": "utf-8",
    "GB18030": "gb18030",
    "GBK": "gbk",
}
LETTERS = {
    "latin-1": "abc \xe9\xfc",
    "iso8859-2": "abc \u0159\u017e",
    "iso8859-5": "abc \u0449\u0416",
    "utf-8": "abc \u0449\u4e57\U0001f600\t",
    "gb18030": "abc \u4e57\u4e58\u5cb3",
    "gbk": "abc \u4e57\u4e58\u5cb3",
}


class Writer:
    def __init__(self, rng, syntax):
        self.rng = rng
        self.implicit = syntax == "implicit"
        self.order = ">" if syntax == "big" else "<"
        self.codec = "latin-1"

    def header(self, tag, vr, length):
        head = struct.pack(self.order + "HH", tag >> 16, tag & 0xFFFF)
        if self.implicit:
            return head + struct.pack(self.order + "I", length)
        if vr in LONG:
            return head + vr.encode() + b"\0\0" + struct.pack(self.order + "I", length)
        return head + vr.encode() + struct.pack(self.order + "H", length)

    def element(self, tag, vr, value):
        return self.header(tag, vr, len(value)) + value

    def text(self, vr):
        rng = self.rng
        digits = lambda low, high: "".join(rng.choice("0123456789") for _ in range(rng.randint(low, high)))
        if vr == "DA":
            year, month, day = rng.randint(0, 9999), rng.randint(0, 13), rng.randint(0, 32)
            return rng.choice([f"{year:04}{month:02}{day:02}"] * 4 + [f"{year:04}.{month:02}.{day:02}", digits(0, 9)])
        if vr == "TM":
            parts = [f"{rng.randint(0, 24):02}", f"{rng.randint(0, 60):02}", f"{rng.randint(0, 60):02}"]
            parts = parts[: rng.randint(1, 3)]
            text = rng.choice(["", "", ":"]).join(parts)
            return text + (f".{digits(0, 7)}" if rng.random() < 0.3 else "") + rng.choice(["", "", "x"])
        if vr == "DT":
            text = f"{rng.randint(0, 9999):04}" + "".join(
                f"{rng.randint(0, top):02}" for top in (13, 32, 24, 60, 60)[: rng.randint(0, 5)]
            )
            text += f".{digits(0, 7)}" if rng.random() < 0.3 else ""
            return text + (rng.choice("+-") + f"{rng.randint(0, 15):02}{rng.randint(0, 63):02}" if rng.random() < 0.4 else "")
        if vr == "IS":
            return rng.choice(["", "+", "-", " "]) + digits(0, 20)
        if vr == "DS":
            return rng.choice(["", "+", "-"]) + digits(0, 5) + rng.choice(["", ".", f".{digits(0, 12)}", "e5", "E-3", "x"])
        if vr == "PN":
            return "".join(rng.choice("abc ^^^==\"") for _ in range(rng.randint(0, 24)))
        if vr == "UI":
            return "1.2." + digits(1, 9)
        letters = LETTERS[self.codec] + "xyz/\"^=\x01\r\n"
        return "".join(rng.choice(letters) for _ in range(rng.randint(0, 20)))

    def value(self, vr, order=None):
        rng = self.rng
        order = order or self.order
        if rng.random() < 0.06:
            return b""
        if rng.random() < 0.03:
            return bytes(rng.choice(b" \0") for _ in range(2 * rng.randint(1, 4)))
        if vr in NUMBERS:
            form = NUMBERS[vr]
            values = []
            for _ in range(rng.choice([1, 1, 1, 2, 3])):
                if form in "fd":
                    value = rng.choice([0.1, 1.0, -0.0, 512, 1e300, 1e-9, rng.uniform(-1e6, 1e6), float("nan"), 0.625])
                    values.append(rng.choice([value, float("inf")]) if form == "d" or abs(value) < 1e38 else 1.5)
                else:
                    bits = 8 * struct.calcsize(form)
                    low, high = (0, 2**bits - 1) if form.isupper() else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
                    values.append(rng.choice([low, high, 1, rng.randint(low, high)]))
            data = struct.pack(order + form * len(values), *values)
            return data + b"\1\2" if rng.random() < 0.02 and len(data) > 2 else data
        if vr == "AT":
            return struct.pack(order + "HH", rng.randint(0, 65535), rng.randint(0, 65535)) * rng.choice([1, 1, 2])
        if vr in BINARY:
            return bytes(rng.randint(0, 255) for _ in range(2 * rng.randint(1, 4)))
        count = rng.choice([1, 1, 1, 2, 3])
        text = "\\".join(self.text(vr) for _ in range(count))
        data = text.encode(self.codec, "replace")
        return data + (b"\0" if vr == "UI" else b" ") * (len(data) % 2)

    def dataset(self, depth=0):
        rng = self.rng
        parts = {}
        outer = self.codec
        if rng.random() < (0.7 if depth == 0 else 0.1):
            term = rng.choice(list(CHARSETS))
            self.codec = CHARSETS[term]
            data = term.encode()
            parts[0x00080005] = self.element(0x00080005, "CS", data + b" " * (len(data) % 2))
        if rng.random() < 0.3:
            parts[0x00080201] = self.element(0x00080201, "SH", rng.choice([b"+0530 ", b"-1200 ", b"+14000", b"junk"]))
        if rng.random() < 0.3:
            parts[0x00280103] = self.element(0x00280103, "US", struct.pack(self.order + "H", rng.randint(0, 1)))
        for _ in range(rng.randint(1, 30) if depth == 0 else rng.randint(0, 4)):
            tag, vr = self.choose()
            if tag in parts:
                continue
            if vr == "SQ" and not (self.implicit and tag >> 16 & 1):
                parts[tag] = self.sequence(tag, depth)
            elif vr != "SQ":
                # A private creator is text whatever it says.
                is_creator = tag >> 16 & 1 and tag & 0xFFFF <= 0xFF
                parts[tag] = self.element(tag, vr, self.value("LO" if is_creator else vr))
        for _ in range(rng.choice([0, 0, 1, 2])):
            parts |= {tag: part for tag, part in self.private_block().items() if tag not in parts}
        self.codec = outer
        return b"".join(parts[tag] for tag in sorted(parts))

    def private_block(self):
        """Elements that the private dictionary knows, in UN where there are VRs, most with a value such as they should have."""
        rng = self.rng
        name = rng.choice(CREATORS)
        block = rng.randint(0x10, 0x14)
        parts = {}
        for key in rng.choices(list(private_dictionaries[name]), k=rng.randint(1, 6)):
            group, low = int(key[:4].replace("x", "1"), 16), key[6:]
            if low == "xx" or group % 2 == 0:
                continue
            tag = group << 16 | (0x10 if key[4:6] == "10" else block) << 8 | int(low, 16)
            known = private_elements.entry(tag, name.encode())
            vr = {"US or SS": rng.choice(["US", "SS"]), "OB or OW": "OW"}.get(known[0], known[0]) if known else "LO"
            if vr == "SQ" or rng.random() < 0.15:
                vr = rng.choice(TEXTS + list(NUMBERS))
            # Python's GBK does not know the byte 80, glibc's does.
            noise = bytes(rng.choice([rng.randint(0, 0x7F), rng.randint(0x81, 0xFE)]) for _ in range(rng.randint(1, 9)))
            value = self.value(vr, "<") if rng.random() < 0.9 else noise
            parts[tag] = self.element(tag, "UN", value)
            if rng.random() < 0.9:
                padded = rng.choice([name, name + " ", " " + name, name + "\0\0"]).encode()
                creator = private_elements.creator_tag(tag)
                parts[creator] = self.element(creator, rng.choice(["LO", "LO", "UN"]), padded)
        return parts

    def choose(self):
        rng = self.rng
        kind = rng.random()
        if kind < 0.15:
            group = rng.choice([0x0009, 0x0019, 0x0043, 0x2005])
            if rng.random() < 0.2:
                return group << 16 | rng.randint(0x10, 0x14), rng.choice(["LO", "UN"])
            return group << 16 | rng.randint(0x1000, 0x1020), rng.choice(TEXTS + list(NUMBERS) + BINARY + ["AT", "SQ"])
        if kind < 0.25:
            mask = rng.choice([m for m in REPEATERS if m.startswith(("50", "60"))])
            tag = int(mask.replace("xx", f"{rng.choice([0, 2, 0x1E]):02X}"), 16)
            vr = datadict.RepeatersDictionary[mask][0]
        else:
            tag = rng.choice(TAGS)
            vr = datadict.DicomDictionary[tag][0]
        vr = {"US or SS": rng.choice(["US", "SS"]), "OB or OW": "OW", "US or OW": "US", "US or SS or OW": "OW"}.get(vr, vr)
        if vr != "SQ" and not self.implicit and rng.random() < 0.12:
            vr = rng.choice(TEXTS + list(NUMBERS) + BINARY)
        return tag, vr

    def sequence(self, tag, depth):
        items = [self.dataset(depth + 1) for _ in range(self.rng.randint(0, 3 if depth < 3 else 0))]
        undefined = self.rng.random() < 0.5
        data = b""
        for item in items:
            if undefined and self.rng.random() < 0.5:
                data += struct.pack(self.order + "HHI", 0xFFFE, 0xE000, 0xFFFFFFFF) + item
                data += struct.pack(self.order + "HHI", 0xFFFE, 0xE00D, 0)
            else:
                data += struct.pack(self.order + "HHI", 0xFFFE, 0xE000, len(item)) + item
        if undefined:
            return self.header(tag, "SQ", 0xFFFFFFFF) + data + struct.pack(self.order + "HHI", 0xFFFE, 0xE0DD, 0)
        return self.header(tag, "SQ", len(data)) + data


TAGS = [
    tag
    for tag, (vr, _, _, _, keyword) in datadict.DicomDictionary.items()
    if keyword and 0x0008 <= tag >> 16 < 0x5000 and vr != "NONE" and tag not in (0x00080005, 0x00080201, 0x00280103)
]
CREATORS = sorted(private_dictionaries)
REPEATERS = [mask for mask, entry in datadict.RepeatersDictionary.items() if entry[4] and entry[0] != "NONE"]


def main():
    directory, count, seed = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    directory.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        rng = random.Random(seed * 1_000_003 + number)
        name = rng.choice(list(SYNTAXES))
        meta = Writer(rng, "explicit")
        uid = SYNTAXES[name].encode()
        syntax = meta.element(0x00020010, "UI", uid + b"\0" * (len(uid) % 2))
        length = meta.element(0x00020000, "UL", struct.pack("<I", len(syntax)))
        body = Writer(rng, name).dataset()
        (directory / f"{number:05}.dcm").write_bytes(b"\0" * 128 + b"DICM" + length + syntax + body)


main()
