#!/usr/bin/env python3
"""Prints creator, tag, VR and VM of every private element that pydicom knows, each in two blocks, as pydicom's own look-up has it.

An element that pydicom knows in one block alone is asked for in that one and in another. If pydicom does not find it in a block,
it is asked for without one: it has such keys (00190001) as well, although they are no tags of private elements.
"""

from pydicom import datadict
from pydicom._private_dict import private_dictionaries


def find(tag, creator):
    for asked in (tag, tag & 0xFFFF00FF):
        try:
            vr, vm = datadict.private_dictionary_VR(asked, creator), datadict.private_dictionary_VM(asked, creator)
        except KeyError:
            continue
        return {"OB_OW": "OB or OW"}.get(vr, vr), vm
    return "UN", "1"


def main():
    for creator, entries in private_dictionaries.items():
        for key in entries:
            # (gggg,00xx) in the dictionary of a creator means itself.
            if key.endswith("xx") or not key[2:4].endswith("x") and int(key[:4], 16) % 2 == 0:
                continue
            group, low = int(key[:4].replace("x", "1"), 16), int(key[6:], 16)
            for block in (0x10, 0x37):
                tag = group << 16 | block << 8 | low
                vr, vm = find(tag, creator)
                print(f"{creator}\t{tag:08X}\t{vr}\t{vm}")


main()
