#!/usr/bin/env python3
"""The peer: what a script does that reads a header with pydicom and wants its values as JSON.

    pydicom_peer.py PASSES < list of files, one a line
"""

import logging
import sys
import time
import warnings

import pydicom

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
files = sys.stdin.read().split("\n")[:-1]
for _ in range(int(sys.argv[1])):
    start = time.monotonic()
    for path in files:
        pydicom.dcmread(path, stop_before_pixels=True).to_json_dict()
    print(len(files) / (time.monotonic() - start))
