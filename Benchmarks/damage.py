#!/usr/bin/env python3
"""Damages pydicom's test files, and counts who still reads what of them; prints a Markdown table.

    damage.py --bin DIR --work DIR [--each N] [--seed N] [--only KIND] [--show]

Bytes are changed, cut, inserted, overwritten and zeroed in the header, from the prefix on and before pixel data; sectors are lost
and tails cut anywhere in the file, as disks and transfers do it. The same seed makes the same damage on every machine. UIDs count
as given if all three are those of the undamaged file. "Spared" are files in which the damage lies in none of the three.

A value of ours is wrong if it differs from that of the undamaged file although the damage does not touch its element; or if its
element is gone whole, and it has another value; unless the damaged bytes themselves say so.
"""

import argparse
import collections
import hashlib
import json
import multiprocessing
import os
import pathlib
import random
import re
import subprocess
import sys
import warnings

import pydicom
from pydicom.datadict import keyword_for_tag, tag_for_keyword
from pydicom.dataelem import RawDataElement

warnings.simplefilter("ignore")
UIDS = {"SOPInstanceUID": 0x00080018, "StudyInstanceUID": 0x0020000D, "SeriesInstanceUID": 0x0020000E}
KINDS = ["byte changed", "byte cut", "byte inserted", "four bytes overwritten", "block of zeros", "sector lost", "tail cut"]
READERS = ["ours", "pydicom", "dcmdump", "gdcmdump"]
# Elements that say how others are to be read: character set, time zone, sign of pixels.
SPEAKING = {0x00080005, 0x00080201, 0x00280103}


class Damage:
    """One damaged file: what was done, and what it may change."""

    def __init__(self, original, kind, chance):
        self.original, self.kind = original, kind
        data, head = original.data, original.head
        first = 128 if data[128:132] == b"DICM" else 0
        at, count, insert = chance.randrange(first, head), 1, b""
        if kind == "byte changed":
            insert = bytes([chance.choice([v for v in range(256) if v != data[at]])])
        elif kind == "byte inserted":
            count, insert = 0, bytes([chance.randrange(256)])
        elif kind == "four bytes overwritten":
            count = min(4, head - at)
            insert = chance.randbytes(count)
        elif kind == "block of zeros":
            count = min(chance.randrange(8, 65), head - at)
            insert = bytes(count)
        elif kind == "sector lost":
            at = 512 * chance.randrange((len(data) + 511) // 512)
            count = min(512, len(data) - at)
        elif kind == "tail cut":
            at = chance.randrange(1, len(data))
            count = len(data) - at
        self.start, self.end, self.inserted = at, at + count, len(insert)
        self.data = data[:at] + insert + data[at + count:]

    def touched(self):
        """The elements of the data set that the damage lies in, and those whose beginning it may have moved."""
        return {tag for tag, start, end in self.original.spans if start < max(self.end, self.start + 1) and end > self.start}

    def gone(self):
        """The elements of which nothing is left."""
        return {tag for tag, start, end in self.original.spans if self.start <= start and end <= self.end}

    def says(self, tag):
        """Whether the damaged bytes themselves can be read as this tag."""
        group, element = tag >> 16, tag & 0xFFFF
        near = self.data[max(self.start - 3, 0):self.start + self.inserted + 3]
        return any(group.to_bytes(2, order) + element.to_bytes(2, order) in near for order in ("little", "big"))


class Original:
    def __init__(self, path):
        self.path, self.data, self.cells = path, path.read_bytes(), None
        with open(path, "rb") as file:
            dataset = pydicom.dcmread(file, stop_before_pixels=True, force=True)
            self.head = min(file.tell(), len(self.data))
        if str(getattr(dataset.file_meta, "TransferSyntaxUID", "")).endswith("1.2.1.99"):
            self.head, self.spans = len(self.data), [(0xFFFFFFFF, 0, len(self.data))]
            return
        starts = []
        implicit = dataset.is_implicit_VR if hasattr(dataset, "is_implicit_VR") else dataset.original_encoding[0]
        for tag in dataset.keys():
            element = dataset.get_item(tag)
            tell = element.value_tell if isinstance(element, RawDataElement) else element.file_tell
            starts.append((int(tag), (tell or 0) - self.header_size(element, implicit)))
        for tag in dataset.file_meta.keys():
            element = dataset.file_meta.get_item(tag)
            tell = element.value_tell if isinstance(element, RawDataElement) else element.file_tell
            if tell:
                starts.append((int(tag), tell - self.header_size(element, False)))
        starts.sort(key=lambda pair: pair[1])
        ends = [start for _, start in starts[1:]] + [self.head]
        self.spans = [(tag, start, end) for (tag, start), end in zip(starts, ends)] + [(0x7FE00010, self.head, len(self.data))]

    @staticmethod
    def header_size(element, implicit):
        return 8 if implicit or element.VR not in ("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV") else 12

    def span(self, tag):
        return next(((start, end) for found, start, end in self.spans if found == tag), None)


def our_rows(binaries, paths):
    """Rows by column for each file; a text says why there is none."""
    output = subprocess.run([binaries / "Benchmarks", "rows"], input="".join(f"{path}\n" for path in paths).encode(),
                            stdout=subprocess.PIPE, check=True).stdout
    at, rows = 0, []

    def line():
        nonlocal at
        end = output.index(b"\n", at)
        text, at = output[at:end].decode(), end + 1
        return text

    for _ in paths:
        count, why = line().split(" ", 1)
        cells = {}
        for _ in range(int(count)):
            kind, name, size = line().split()
            text = output[at:at + int(size)].decode()
            at += int(size) + 1
            cells["UID " + name if kind == "UID" else name] = text
        rows.append(cells or why)
    return rows


def flat(cells):
    """Columns, with `OtherElements` entry by entry."""
    values = {name: text for name, text in cells.items()
              if name not in ("OtherElements", "DroppedTags") and not name.startswith("UID ")}
    for entry in json.loads(cells.get("OtherElements", "[]")):
        values[entry["Tag"]] = json.dumps(entry["Data"])
    return values


def tag_of(name):
    return int(name[4:], 16) if name.startswith("Tag_") else tag_for_keyword(name)


def peer_uids(arguments):
    reader, path = arguments
    try:
        if reader == "pydicom":
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                dataset = pydicom.dcmread(path, stop_before_pixels=True)
                return {name: str(dataset[tag].value).strip(" \0") for name, tag in UIDS.items()}
        if reader == "dcmdump":
            command = ["dcmdump", "-q", "-M", "+Ep", "+p", *[w for t in UIDS.values() for w in ("+P", f"{t >> 16:04x},{t & 0xFFFF:04x}")]]
            pattern = re.compile(r"^\(([0-9a-f]{4}),([0-9a-f]{4})\) [A-Z?]{2} \[(.*?)\]")
        else:
            command, pattern = ["gdcmdump", "-I"], re.compile(r"^\(([0-9a-f]{4}),([0-9a-f]{4})\) [A-Z?]{2} [^\[]*\[(.*?)\]")
        output = subprocess.run([*command, path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60).stdout
        found, names = {}, {tag: name for name, tag in UIDS.items()}
        for line in output.decode("latin-1").splitlines():
            if match := pattern.match(line):
                name = names.get(int(match[1] + match[2], 16))
                if name:
                    found[name] = match[3].strip(" \0")
        return found
    except Exception:
        return {}


def ask_peers(readers, files, damages, kept):
    """What each reader says of each file. It is kept: it does not change, and two of them start a process for each file."""
    known = json.loads(kept.read_text()) if kept.exists() else {}
    keys = {reader: [f"{reader} {hashlib.sha1(damage.data).hexdigest()}" for damage in damages] for reader in readers}
    with multiprocessing.Pool() as pool:
        for reader in readers:
            unknown = [(key, str(path)) for key, path in zip(keys[reader], files) if key not in known]
            answers = pool.map(peer_uids, [(reader, path) for _, path in unknown], chunksize=20)
            known.update(zip((key for key, _ in unknown), answers))
            kept.write_text(json.dumps(known))
    return {reader: [known[key] for key in keys[reader]] for reader in readers}


def gives_uids(damage, found):
    return all(found.get(name) and found[name] == damage.original.uids[name] for name in UIDS)


def compare(damage, row):
    """Values right, missing and wrong, outside of the elements that the damage lies in; which ones are wrong."""
    touched, gone, right, missing, wrong = damage.touched(), damage.gone(), 0, 0, []
    before, after = flat(damage.original.cells), flat(row)
    if damage.original.spans[0][0] == 0xFFFFFFFF:
        return 0, 0, []
    creators = {tag >> 16 for tag in touched if tag >> 16 & 1 and 0x10 <= tag & 0xFFFF <= 0xFF}
    for name, text in before.items():
        tag = tag_of(name)
        if tag in touched:
            continue
        other = after.get(name)
        if other == text:
            right += 1
        elif other is None or "\ufffd" in other:
            missing += 1
        elif not (damage.says(tag) or touched & SPEAKING and not text.isascii() or tag >> 16 in creators):
            wrong.append(name)
    for name in after.keys() - before.keys():
        tag = tag_of(name)
        if tag not in touched and not damage.says(tag):
            wrong.append("+" + name)
    wrong += ["=" + name for name in after if tag_of(name) in gone and after[name] != before.get(name) and not damage.says(tag_of(name))]
    return right, missing, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, type=pathlib.Path)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("--each", type=int, default=20, help="damages of each file")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--only", help="one kind of damage")
    parser.add_argument("--ours", action="store_true", help="no peers")
    parser.add_argument("--show", action="store_true", help="say which files lose their UIDs, and which values are wrong")
    arguments = parser.parse_args()
    folder = arguments.work / "damaged"
    folder.mkdir(parents=True, exist_ok=True)
    data = pathlib.Path(os.environ["DICOMEXPORT_PYDICOM_DATA"])
    paths = sorted(path for path in data.parent.rglob("*") if path.is_file() and path.suffix not in (".py", ".txt"))
    originals = []
    for path, row in zip(paths, our_rows(arguments.bin, paths)):
        if isinstance(row, str):
            continue
        try:
            original = Original(path)
        except Exception as error:
            print(f"{path.name}: {error!r}", file=sys.stderr)
            continue
        original.cells, original.uids = row, {name: row["UID " + name] for name in UIDS}
        originals.append(original)
    damages, files = [], []
    for original in originals:
        chance = random.Random(f"{arguments.seed} {original.path.name}")
        for number in range(arguments.each):
            kind = KINDS[(number + len(damages) // arguments.each) % len(KINDS)]
            damage = Damage(original, kind, chance)
            if arguments.only and kind != arguments.only:
                continue
            path = folder / f"{original.path.stem}-{number}.dcm"
            path.write_bytes(damage.data)
            damages.append(damage)
            files.append(path)
    readers = READERS[:1] if arguments.ours else READERS
    given = {reader: collections.Counter() for reader in readers}
    total, tally = collections.Counter(d.kind for d in damages), collections.Counter()
    spared, given_spared = collections.Counter(), collections.Counter()
    rows = our_rows(arguments.bin, files)
    peers = ask_peers(readers[1:], files, damages, arguments.work / "peers.json")
    for number, (damage, path, row) in enumerate(zip(damages, files, rows)):
        found = {} if isinstance(row, str) else {name: row["UID " + name] for name in UIDS}
        ok = gives_uids(damage, found)
        given["ours"][damage.kind] += ok
        is_spared = not damage.touched() & set(UIDS.values()) and damage.original.spans[0][0] != 0xFFFFFFFF
        spared[damage.kind] += is_spared
        given_spared[damage.kind] += is_spared and ok
        better = []
        for reader in readers[1:]:
            peer = gives_uids(damage, peers[reader][number])
            given[reader][damage.kind] += peer
            if peer and not ok:
                better.append(reader)
        if arguments.show and not ok:
            lost = [n for n, t in UIDS.items() if t in damage.touched()]
            print(f"lost {damage.kind} {path.name} {damage.start}-{damage.end} {row if isinstance(row, str) else found} "
                  f"touched {[hex(t) for t in damage.touched()]} {'ITSELF' if lost else ''} {'BETTER ' + ' '.join(better) if better else ''}", file=sys.stderr)
        if isinstance(row, str):
            continue
        right, missing, wrong = compare(damage, row)
        tally["right"] += right
        tally["missing"] += missing
        tally["wrong"] += len(wrong)
        if arguments.show and wrong:
            print(f"wrong {damage.kind} {path.name} {damage.start}-{damage.end} {wrong[:8]} touched {[hex(t) for t in damage.touched()]}", file=sys.stderr)
    print(f"{len(originals)} files, {len(damages)} damaged ones, seed {arguments.seed}\n")
    print("| damage | files | spared | " + " | ".join(readers) + " | ours of spared |\n|---|---:|---:|" + "---:|" * len(readers)
          + "---:|")
    for kind in [*KINDS, None]:
        chosen = [kind] if kind else KINDS
        files = sum(total[k] for k in chosen)
        if not files:
            continue
        whole = sum(spared[k] for k in chosen)
        counts = " | ".join(str(sum(given[r][k] for k in chosen)) for r in readers)
        share = 100 * sum(given_spared[k] for k in chosen) / max(whole, 1)
        print(f"| {kind or 'all'} | {files} | {whole} | {counts} | {share:.1f}% |")
    print(f"\nvalues of our rows: {tally['right']} right, {tally['missing']} missing, {tally['wrong']} wrong")


main()
