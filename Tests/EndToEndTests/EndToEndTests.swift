import Testing

/// Tests of the built executables. One at a time: each has a service of its own, and some measure time or load.
@Suite(.serialized) struct EndToEndTests {}
