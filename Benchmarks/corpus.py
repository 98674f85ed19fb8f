#!/usr/bin/env python3
"""Makes the corpus of the benchmarks: CT and MR slices as scanners write them, without any patient.

    corpus.py DIRECTORY COUNT [--pixels BYTES]

Two templates are made with pydicom; the files differ in UIDs, identifiers, positions and times, which are put in place of
marks of the same length. So the same COUNT gives the same bytes on every machine, at the speed of the disk.
"""

import argparse
import io
import pathlib
import sys

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

ROOT = "1.2.826.0.1.3680043.10.999"  # a root for examples
SLICES_PER_SERIES = 100
SERIES_PER_STUDY = 4

# Marks, each as long as what replaces it: (mark, value of file number i).
MARKS = [
    (f"{ROOT}.7777777.1", lambda i: f"{ROOT}.{1000000 + i // (SLICES_PER_SERIES * SERIES_PER_STUDY)}.1"),  # study
    (f"{ROOT}.7777777.2", lambda i: f"{ROOT}.{1000000 + i // SLICES_PER_SERIES}.2"),  # series
    (f"{ROOT}.7777777.3", lambda i: f"{ROOT}.{1000000 + i}.3"),  # instance
    ("BENCH77777", lambda i: f"BENCH{i // (SLICES_PER_SERIES * SERIES_PER_STUDY):05}"),  # patient
    ("0777", lambda i: f"{i % SLICES_PER_SERIES:04}"),  # number of the slice
    ("-777.77", lambda i: f"{i % SLICES_PER_SERIES * 2.5 - 300:+07.2f}"),  # where the slice lies
    ("235959.777777", lambda i: f"{i % 24:02}{i % 60:02}{i // 60 % 60:02}.{i % 1000000:06}"),  # time
]
STUDY, SERIES, INSTANCE, PATIENT, SLICE, POSITION, TIME = (mark for mark, _ in MARKS)

COMMON = dict(
    SpecificCharacterSet="ISO_IR 100", InstanceCreationDate="20240311", InstanceCreationTime=TIME,
    InstanceCreatorUID=f"{ROOT}.4", StudyDate="20240311", SeriesDate="20240311", AcquisitionDate="20240311",
    ContentDate="20240311", StudyTime="081502.250000", SeriesTime="082211.5", AcquisitionTime=TIME, ContentTime=TIME,
    AccessionNumber="A0012345678", ReferringPhysicianName="Ferrer^Clara^^Dr.", InstitutionName="Hospital General de Vall",
    InstitutionAddress="Camí de Dalt 12\r\n46000 Valle", StationName="SCANNER02", StudyDescription="Examen de control",
    InstitutionalDepartmentName="Radiología", PerformingPhysicianName=["Ruiz^Ana", "Lang^Max"],
    NameOfPhysiciansReadingStudy="Soto^Luis", OperatorsName=["MTRA 1", "MTRA 2"], SOPInstanceUID=INSTANCE,
    PatientName="Muster^Benché^Zwei", PatientID=PATIENT, PatientBirthDate="19580704", PatientSex="F",
    OtherPatientIDs=["OLD-1", "OLD-2"], PatientAge="065Y", PatientSize="1.68", PatientWeight="71.5",
    EthnicGroup="UNKNOWN", Occupation="Teacher", AdditionalPatientHistory="None that would be known here.",
    PregnancyStatus=4, PatientComments="Made for measuring.", DeviceSerialNumber="000000000012345",
    SoftwareVersions=["syngo 2024A", "VB30A"], ProtocolName="Routine 2.5 mm", PatientPosition="HFS",
    StudyInstanceUID=STUDY, SeriesInstanceUID=SERIES, StudyID="S1044", SeriesNumber="4", AcquisitionNumber="1",
    InstanceNumber=SLICE, ImagePositionPatient=["-175.5", "-168.25", POSITION], PatientOrientation=["L", "P"],
    ImageOrientationPatient=["1", "0", "0", "0", "1", "0"], FrameOfReferenceUID=f"{ROOT}.5", Laterality="R",
    TemporalPositionIdentifier="1", PositionReferenceIndicator="SN", SliceLocation=POSITION,
    ImagesInAcquisition="100", ImageComments="", SamplesPerPixel=1, PhotometricInterpretation="MONOCHROME2",
    PixelSpacing=["0.683594", "0.683594"], BitsAllocated=16, BitsStored=12, HighBit=11, SmallestImagePixelValue=0,
    LargestImagePixelValue=4011, WindowCenter=["40", "400"], WindowWidth=["350", "1800"],
    WindowCenterWidthExplanation=["SOFT", "BONE"], LossyImageCompression="00", RequestedProcedureDescription="Follow-up",
    RequestingPhysician="Ferrer^Clara", RequestingService="Internal medicine", PerformedProcedureStepStartDate="20240311",
    PerformedProcedureStepStartTime="081502.25", PerformedProcedureStepID="PPS-88123", RequestedProcedureID="RP-7781",
    PerformedProcedureStepDescription="Routine", CommentsOnThePerformedProcedureStep="Without difficulty",
    TimezoneOffsetFromUTC="+0100", RequestedContrastAgent="Iohexol 300", StudyComments="Comparable to the year before.",
)
CT = dict(
    ImageType=["ORIGINAL", "PRIMARY", "AXIAL", "CT_SOM5 SPI"], SOPClassUID="1.2.840.10008.5.1.4.1.1.2", Modality="CT",
    Manufacturer="SIEMENS", ManufacturerModelName="SOMATOM go.Top", SeriesDescription="Thorax 2.5 B31f",
    BodyPartExamined="CHEST", ScanOptions="HELICAL MODE", SliceThickness="2.5", KVP="120", DataCollectionDiameter="500",
    ReconstructionDiameter="350", DistanceSourceToDetector="1040", DistanceSourceToPatient="570",
    GantryDetectorTilt="0", TableHeight="151.5", RotationDirection="CW", ExposureTime="500", XRayTubeCurrent="182",
    Exposure="91", FilterType="WEDGE_2", GeneratorPower="22", FocalSpots="1.2", DateOfLastCalibration="20240310",
    TimeOfLastCalibration="070611.000000", ConvolutionKernel="B31f", SingleCollimationWidth=0.6,
    TotalCollimationWidth=19.2, TableSpeed=38.4, TableFeedPerRotation=19.2, SpiralPitchFactor=1.0, CTDIvol=6.41,
    RescaleIntercept="-1024", RescaleSlope="1", RescaleType="HU", PixelRepresentation=0, EstimatedDoseSaving=12.5,
    ContrastBolusAgent="APPLIED", ContrastBolusVolume="80", ContrastFlowRate="3", PixelPaddingValue=0,
    AcquisitionDateTime="20240311082211.500000+0100",
)
MR = dict(
    ImageType=["ORIGINAL", "PRIMARY", "M", "ND", "NORM"], SOPClassUID="1.2.840.10008.5.1.4.1.1.4", Modality="MR",
    Manufacturer="GE MEDICAL SYSTEMS", ManufacturerModelName="SIGNA Artist", SeriesDescription="Ax T2 FLAIR",
    BodyPartExamined="BRAIN", ScanningSequence=["SE", "IR"], SequenceVariant=["SK", "OSP"],
    ScanOptions=["FAST_GEMS", "FC"], MRAcquisitionType="2D", SequenceName="*tir2d1_16", AngioFlag="N",
    SliceThickness="5", RepetitionTime="9000", EchoTime="89", InversionTime="2500", NumberOfAverages="1",
    ImagingFrequency="63.866", ImagedNucleus="1H", EchoNumbers="1", MagneticFieldStrength="1.5",
    SpacingBetweenSlices="6.5", NumberOfPhaseEncodingSteps="204", EchoTrainLength="16", PercentSampling="80",
    PercentPhaseFieldOfView="87.5", PixelBandwidth="191", ReceiveCoilName="HNS Head", TransmitCoilName="Body",
    AcquisitionMatrix=[0, 256, 204, 0], InPlanePhaseEncodingDirection="ROW", FlipAngle="160",
    VariableFlipAngleFlag="N", SAR="0.8821", dBdt="0", HeartRate="0", CardiacNumberOfImages="0", TriggerWindow="0",
    ReconstructionDiameter="220", PixelRepresentation=1, NumberOfTemporalPositions="1",
)


def code(value, scheme, meaning):
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def reference(number):
    item = Dataset()
    item.ReferencedSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    item.ReferencedSOPInstanceUID = f"{ROOT}.9.{number}"
    return item


def add_sequences(dataset):
    dataset.ReferencedImageSequence = [reference(1), reference(2), reference(3)]
    dataset.ReferencedStudySequence = [reference(4)]
    dataset.ProcedureCodeSequence = [code("241541005", "SCT", "High resolution study")]
    source = reference(5)
    source.PurposeOfReferenceCodeSequence = [code("121322", "DCM", "Source image")]
    dataset.SourceImageSequence = [source]
    request = Dataset()
    request.RequestedProcedureDescription = "Follow-up"
    request.ScheduledProcedureStepDescription = "Routine"
    request.ScheduledProtocolCodeSequence = [code("P1", "99LOCAL", "Protocol one")]
    request.ScheduledProcedureStepID, request.RequestedProcedureID = "SPS-1", "RP-7781"
    dataset.RequestAttributesSequence = [request]
    for keyword in ("ReferencedImageSequence", "RequestAttributesSequence"):
        dataset[keyword].is_undefined_length = True
        for item in dataset[keyword].value:
            item.is_undefined_length_sequence_item = True


def add_private(dataset, modality):
    csa = dataset.private_block(0x0029, "SIEMENS CSA HEADER", create=True)
    csa.add_new(0x08, "CS", "IMAGE NUM 4")
    csa.add_new(0x09, "LO", "20240311")
    csa.add_new(0x10, "OB", bytes(range(256)) * 8)
    parameters = dataset.private_block(0x0043, "GEMS_PARM_01", create=True)
    kinds = [
        ("SS", lambda n: n), ("SS", lambda n: -n), ("DS", lambda n: f"{n * 1.25:g}"), ("IS", lambda n: str(n)),
        ("LO", lambda n: f"option {n}"), ("SH", lambda n: f"S{n}"), ("FL", lambda n: n / 3), ("SL", lambda n: n << 16),
        ("DS", lambda n: [f"{n}", "0", f"{n / 8:g}"]), ("US", lambda n: [n, n + 1, n + 2]),
    ]
    for number in range(0x01, 0x1D):
        vr, value = kinds[number % len(kinds)]
        parameters.add_new(number, vr, value(number))
    if modality == "CT":
        nested = Dataset()
        nested.private_block(0x0051, "BENCH NESTED", create=True).add_new(0x01, "LO", ["a", "b"])
        nested.CodeMeaning = "inside a private sequence"
        dataset.private_block(0x0051, "BENCH SEQUENCES", create=True).add_new(0x10, "SQ", [nested])


def template(modality, pixels):
    """One file with marks, in explicit VR little endian."""
    dataset = Dataset()
    for keyword, value in {**COMMON, **(CT if modality == "CT" else MR)}.items():
        setattr(dataset, keyword, value)
    add_sequences(dataset)
    add_private(dataset, modality)
    dataset.Columns = 128
    dataset.Rows = max(1, pixels // 256)
    dataset.PixelData = bytes(dataset.Rows * 256)
    if modality == "CT":
        dataset.add_new(0xFFFCFFFC, "OB", bytes(126))  # DataSetTrailingPadding: elements follow pixel data
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = INSTANCE
    dataset.file_meta.ImplementationClassUID = f"{ROOT}.6"
    dataset.file_meta.ImplementationVersionName = "BENCH 1"
    dataset.file_meta.SourceApplicationEntityTitle = "BENCH"
    out = io.BytesIO()
    dataset.save_as(out, enforce_file_format=True)
    return out.getvalue(), len(dataset) + len(dataset.file_meta)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--pixels", type=int, default=19968, help="bytes of pixel data in each file")
    arguments = parser.parse_args()

    templates = []
    for modality in ("CT", "MR"):
        content, elements = template(modality, arguments.pixels)
        head = content.rindex(b"\xe0\x7f\x10\x00")  # marks are in the header only
        templates.append((content[:head], content[head:]))
        print(f"{modality}: {elements} elements at the top level, {head} bytes of header, {len(content)} in all",
              file=sys.stderr)

    marks = [(mark.encode(), value) for mark, value in MARKS]
    for i in range(arguments.count):
        series = i // SLICES_PER_SERIES
        header, rest = templates[series % 2]
        for mark, value in marks:
            new = value(i).encode()
            assert len(new) == len(mark), (mark, new)
            header = header.replace(mark, new)
        folder = arguments.directory / f"{series // SERIES_PER_STUDY:04}" / f"{series:05}"
        if i % SLICES_PER_SERIES == 0:
            folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{i:07}.dcm").write_bytes(header + rest)


if __name__ == "__main__":
    main()
