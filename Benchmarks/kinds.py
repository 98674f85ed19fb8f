#!/usr/bin/env python3
"""Makes files of the kinds whose headers are not like those of CT slices: one directory for each kind.

    kinds.py DIRECTORY

enhanced   Enhanced MR, 200 frames each, with functional groups per frame
report     Structured reports, about 300 content items in a tree
private    CT slices with 600 private elements and 40 private sequences

What differs from file to file is what differs between instances of one series; the same bytes on every machine.
"""

import argparse
import pathlib
import random

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from corpus import COMMON, CT, MR, PATIENT, POSITION, ROOT, SERIES, SLICE, STUDY, TIME, INSTANCE, code, reference

FRAMES, ITEMS, PRIVATE = 200, 300, 600
COUNTS = {"enhanced": 100, "report": 500, "private": 500}


def start(number, template):
    values = {STUDY: f"{ROOT}.1", SERIES: f"{ROOT}.2", INSTANCE: f"{ROOT}.3.{number}", PATIENT: "BENCH00001",
              SLICE: str(number), POSITION: f"{number * 2.5:g}", TIME: f"1015{number % 60:02}.250000"}
    dataset = Dataset()
    for keyword, value in template.items():
        plain = [values.get(one, one) for one in value] if isinstance(value, list) else values.get(value, value)
        setattr(dataset, keyword, plain)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    return dataset


def item(**values):
    made = Dataset()
    for keyword, value in values.items():
        setattr(made, keyword, value)
    return made


def enhanced(number, chance):
    dataset = start(number, {**COMMON, **MR, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.4.1"})
    dataset.NumberOfFrames = FRAMES
    dataset.SharedFunctionalGroupsSequence = [item(
        PlaneOrientationSequence=[item(ImageOrientationPatient=["1", "0", "0", "0", "1", "0"])],
        PixelMeasuresSequence=[item(SliceThickness="2.5", PixelSpacing=["0.7", "0.7"])])]
    dataset.PerFrameFunctionalGroupsSequence = [item(
        FrameContentSequence=[item(
            FrameAcquisitionNumber=1, DimensionIndexValues=[1, frame + 1], StackID="1", InStackPositionNumber=frame + 1,
            FrameReferenceDateTime=f"20240311082{frame % 10}{frame % 6}0.{chance.randrange(10**6):06}",
            TemporalPositionIndex=1)],
        PlanePositionSequence=[item(ImagePositionPatient=["-175.5", "-168.25", f"{frame * 2.5 + number:g}"])],
        MREchoSequence=[item(EffectiveEchoTime=chance.random() * 100)],
        FrameVOILUTSequence=[item(WindowCenter=f"{chance.randrange(1000)}", WindowWidth=f"{chance.randrange(2000)}")],
        MRAveragesSequence=[item(NumberOfAverages="1")]) for frame in range(FRAMES)]
    return dataset


def report(number, chance):
    dataset = start(number, {**COMMON, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.88.33", "Modality": "SR"})
    made = 0

    def content(depth):
        nonlocal made
        made += 1
        name = [code(f"{chance.randrange(10**6)}", "DCM", f"Concept {chance.randrange(1000)}")]
        if depth < 5 and chance.random() < 0.5:
            node = item(RelationshipType="CONTAINS", ValueType="CONTAINER", ConceptNameCodeSequence=name,
                        ContinuityOfContent="SEPARATE")
            node.ContentSequence = [content(depth + 1) for _ in range(chance.randrange(1, 6))]
            return node
        return item(RelationshipType="CONTAINS", ValueType="NUM", ConceptNameCodeSequence=name, MeasuredValueSequence=[
            item(NumericValue=f"{chance.random() * 100:.4f}",
                 MeasurementUnitsCodeSequence=[code("mm", "UCUM", "millimeter")])])

    dataset.ValueType, dataset.ContinuityOfContent = "CONTAINER", "SEPARATE"
    dataset.ConceptNameCodeSequence = [code("126000", "DCM", "Imaging Measurement Report")]
    nodes = []
    while made < ITEMS:
        nodes.append(content(1))
    dataset.ContentSequence = nodes
    return dataset


def private(number, chance):
    dataset = start(number, {**COMMON, **CT})
    kinds = [("DS", lambda: f"{chance.random() * 1000:.3f}"), ("LO", lambda: f"value {chance.randrange(10**6)}"),
             ("US", lambda: chance.randrange(2**16)), ("FD", chance.random), ("SH", lambda: "FIXED"), ("IS", lambda: "1"),
             ("UN", lambda: b"12345678"), ("SL", lambda: 7)]
    for block in range(PRIVATE // 100):
        group = dataset.private_block(0x0019 + 2 * block, f"BENCH BLOCK {block}", create=True)
        for element in range(100):
            vr, value = kinds[element % len(kinds)]
            group.add_new(element, vr, value())
    sequences = dataset.private_block(0x0051, "BENCH SEQUENCES", create=True)
    for element in range(40):
        sequences.add_new(element, "SQ", [reference(chance.randrange(1000))])
    return dataset


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=pathlib.Path)
    arguments = parser.parse_args()
    for kind, make in {"enhanced": enhanced, "report": report, "private": private}.items():
        folder = arguments.directory / kind
        folder.mkdir(parents=True, exist_ok=True)
        chance = random.Random(kind)
        for number in range(COUNTS[kind]):
            make(number, chance).save_as(folder / f"{number:04}.dcm", enforce_file_format=True)


main()
