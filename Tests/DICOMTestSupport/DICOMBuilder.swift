package struct DICOMBuilder {}
