import DICOM

/// The data set that a row is made of, valid for the making of one row.
struct Source {
    let elements: UnsafeBufferPointer<Element>
    let bytes: UnsafeRawBufferPointer

    @inline(__always)
    func value(of element: Element) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[element.offset..<(element.offset + element.length)])
    }
}
