#!/usr/bin/env python3
"""Compares rows of the JSON schema with the DICOM JSON Model of pydicom (to_json_dict) and of DCMTK (dcm2json).

    compare_json.py ROWS

ROWS is as for compare_rows.py. Every difference has to be listed below, with its reason; and everything that is listed has to
occur. Prints what does not hold and a summary; exit status 1 if there is anything. Without dcm2json only pydicom is compared.
"""

import json
import math
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import warnings

import pydicom
from pydicom import config

warnings.simplefilter("ignore")
config.settings.reading_validation_mode = config.IGNORE
config.settings.writing_validation_mode = config.IGNORE

BINARY = {"OB", "OD", "OF", "OL", "OV", "OW", "UN"}


def is_float32(ours, theirs):
    """The same FL values, theirs with fewer digits."""
    return len(ours) == len(theirs) and all(struct.pack("f", o) == struct.pack("f", t) for o, t in zip(ours, theirs))


def without_trailing_carets(ours, theirs):
    stripped = [{k: v.rstrip("^") for k, v in name.items() if v.rstrip("^")} for name in ours]
    return stripped == (theirs or [{}])


# Differences by rule: peer, kind, a condition on path, VR, our values and theirs, and the reason. "missing": only they have
# the attribute; "extra": only we have it; "value": the values differ; "vr": theirs is the VR.
RULES = [
    ("both", "missing", lambda at, vr, ours, theirs: vr in BINARY and theirs is None,
     "binary values are not exported, and listed in DroppedTags; nor are pixel data, FileMetaInformationVersion and padding"),
    ("pydicom", "missing", lambda at, vr, ours, theirs: at.endswith("0000") and vr == "UL",
     "group lengths are not exported; DCMTK leaves them out as well"),
    ("dcmtk", "vr", lambda at, vr, ours, theirs: theirs == "UN" and vr != "UN",
     "an element that the dictionary knows, in UN, is read by the dictionary's VR (PS3.5 6.2.2), as pydicom does"),
    ("dcmtk", "value", lambda at, vr, ours, theirs: at.endswith("00080005") and theirs == ["ISO_IR 192"],
     "dcm2json says the character set of its output; a row has the file's"),
    ("dcmtk", "value", lambda at, vr, ours, theirs: vr == "FL" and is_float32(ours, theirs),
     "dcm2json prints FL with nine digits; a row has the exact double, as pydicom does"),
    ("dcmtk", "value", lambda at, vr, ours, theirs: vr == "FD" and all(map(lambda o, t: math.isclose(o, t, rel_tol=1e-14), ours, theirs)),
     "dcm2json reads back another double than the file has: its printing rounds the last digit"),
    ("dcmtk", "value", lambda at, vr, ours, theirs: vr == "PN" and without_trailing_carets(ours, theirs),
     "dcm2json removes empty components at the end of names; PS3.18 F.2.2 has names as they are, and pydicom too"),
    ("pydicom", "value", lambda at, vr, ours, theirs: vr == "CS" and ours == [t.strip() for t in theirs],
     "pydicom keeps padding within CS values; PS3.5 6.2 calls it insignificant, and DCMTK removes it"),
    ("pydicom", "value", lambda at, vr, ours, theirs: None in ours and [o or "" for o in ours] == theirs,
     "pydicom has an empty string for an empty value among others; PS3.18 F.2.5 wants null"),
]

# Single differences: peer, file, path, and the reason.
LISTED = {
    ("pydicom", "badVR.dcm", "00280008"): "NumberOfFrames is `1A`: no IS, so pydicom leaves it out; a row has the text",
    ("dcmtk", "no_meta_group_length.dcm", "00020013"): "ImplementationVersionName is padded by a NUL, which is no character of it",
}

# Files that a peer cannot convert, and why.
UNREADABLE = {
    ("dcmtk", "J2K_pixelrep_mismatch.dcm"): "names a character set that DCMTK does not know; a row takes the default",
    ("dcmtk", "MR_truncated.dcm"): "the pixel data are cut short; a row says so in DroppedTags",
    ("dcmtk", "SC_rgb_jpeg.dcm"): "garbage stands behind the pixel data",
    ("dcmtk", "chrSQEncoding.dcm"): "dcm2json answers text that is not UTF-8: it does not know the item's character set",
} | {
    ("dcmtk", f"chr{name}.dcm"): "Debian's DCMTK converts by iconv, and does not know ISO 2022 IR 87 then"
    for name in ("H31", "H32", "JapMulti", "JapMultiExplicitIR6", "SQEncoding1")
}

used = set()


def by_pydicom(path):
    """Element by element, so that one that pydicom refuses is all that is missing."""
    dataset = pydicom.dcmread(path, force=True)
    result = {}
    for source in (getattr(dataset, "file_meta", None) or [], dataset):
        for tag in source.keys() if source else ():
            try:
                result[f"{int(tag):08X}"] = source[tag].to_json_dict(lambda element: "elsewhere", 1)
            except ValueError:
                pass
    return json.loads(json.dumps(result))


def by_dcmtk(path):
    result = convert(path)
    # Compressed pixel data are more than it can do: it gets what is before them.
    if result.returncode and b"compressed pixel data" in result.stderr:
        pixels = pydicom.dcmread(path, force=True).get_item(0x7FE00010)
        with tempfile.NamedTemporaryFile(suffix=".dcm") as file:
            file.write(pathlib.Path(path).read_bytes()[: pixels.value_tell - (8 if pixels.is_implicit_VR else 12)])
            file.flush()
            result = convert(file.name)
    if result.returncode:
        raise ValueError(result.stderr.decode("latin-1").strip())
    return json.loads(result.stdout)


def convert(path):
    return subprocess.run(["dcm2json", "-ll", "error", "-fc", "+m", path], capture_output=True)


def differences(ours, theirs, prefix=""):
    """Path, kind, VR, our values, theirs (None for bulk data) of each attribute that is not the same."""
    for tag in sorted(ours.keys() | theirs.keys()):
        at, our, their = prefix + tag, ours.get(tag), theirs.get(tag)
        if our is None:
            is_bulk = their.keys() & {"InlineBinary", "BulkDataURI"}
            yield at, "missing", their["vr"], None, None if is_bulk else their.get("Value", [])
        elif their is None:
            yield at, "extra", our["vr"], our.get("Value", []), None
        elif our["vr"] != their["vr"]:
            yield at, "vr", our["vr"], our.get("Value", []), their["vr"]
        else:
            our_values, their_values = our.get("Value", []), their.get("Value", [])
            if our["vr"] == "SQ" and len(our_values) == len(their_values):
                for index, (x, y) in enumerate(zip(our_values, their_values)):
                    yield from differences(x or {}, y or {}, f"{at}[{index}].")
            elif our_values != their_values or their.keys() & {"InlineBinary", "BulkDataURI"}:
                yield at, "value", our["vr"], our_values, their_values


def is_explained(peer, name, at, kind, vr, ours, theirs):
    if (peer, name, at) in LISTED:
        used.add((peer, name, at))
        return True
    for index, (whose, which, condition, _) in enumerate(RULES):
        if whose in (peer, "both") and which == kind and condition(at, vr, ours, theirs):
            used.add(index)
            return True
    return False


def main():
    peers = {"pydicom": by_pydicom, "dcmtk": by_dcmtk}
    if not shutil.which("dcm2json"):
        print("SKIPPED: the comparison with dcm2json, which is not installed")
        del peers["dcmtk"]
    files = attributes = problems = explained = 0
    for line in open(sys.argv[1], encoding="utf-8"):
        record = json.loads(line)
        if "error" in record:
            continue
        name = pathlib.Path(record["file"]).name
        ours = json.loads(record["metadata"]["Metadata"])
        files += 1
        attributes += len(ours)
        for peer, read in peers.items():
            try:
                theirs = read(record["file"])
            except Exception as error:  # whatever a peer makes of a file that it does not like
                if (peer, name) in UNREADABLE:
                    used.add((peer, name))
                else:
                    problems += 1
                    print(f"{name}: {peer} fails, which is not listed: {error}")
                continue
            for difference in differences(ours, theirs):
                if is_explained(peer, name, *difference):
                    explained += 1
                else:
                    problems += 1
                    print(f"{name}: {peer}: not listed: {json.dumps(difference)[:600]}")
    listed = [(rule[0], index, rule[3]) for index, rule in enumerate(RULES)]
    listed += [(key[0], key, reason) for key, reason in (LISTED | UNREADABLE).items()]
    for peer, key, reason in listed:
        if key not in used and peer in (*peers, "both"):
            problems += 1
            print(f"listed, but does not occur: {key}: {reason}")
    print(f"{files} files, {attributes} attributes, {explained} differences explained, {problems} problems, by {' and '.join(peers)}")
    sys.exit(1 if problems or not files else 0)


main()
