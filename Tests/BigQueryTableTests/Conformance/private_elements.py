"""What pydicom's private dictionary says of elements in UN, or of implicit VR: for the scripts beside this one."""

from pydicom import datadict


def is_creator(tag):
    return tag >> 16 & 1 == 1 and 0x10 <= tag & 0xFFFF <= 0xFF


def is_element(tag):
    """Whether a private creator could have reserved the tag's block."""
    return tag >> 16 & 1 == 1 and tag & 0xFFFF >= 0x1000


def entry(tag, creator):
    """VR and VM of the element of a creator, whose value may be padded; None if there is nothing to know."""
    creator = creator.strip(b" \0").decode("latin-1")
    # Some keys have no block at all, such as 00190001: pydicom takes them for whole tags, which no private element has.
    for asked in (tag, tag & 0xFFFF00FF):
        try:
            vr, vm, _, _ = datadict.get_private_entry(asked, creator)
        except KeyError:
            continue
        return ("OB or OW" if vr == "OB_OW" else vr, vm) if vr != "UN" else None
    return None


def creator_tag(tag):
    return tag & 0xFFFF0000 | tag >> 8 & 0xFF


def admits(vm, count):
    """Whether a VM allows so many values."""
    least, _, most = vm.partition("-")
    if not most:
        return count == int(least)
    if most == "n":
        return count >= int(least)
    if most.endswith("n"):
        return count >= int(least) and count % int(most[:-1]) == 0
    return int(least) <= count <= int(most)
