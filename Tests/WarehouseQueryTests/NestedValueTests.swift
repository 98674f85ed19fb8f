import Testing

@testable import WarehouseQuery

/// Records, arrays and JSON.
@Suite struct NestedValueTests {
    let warehouse: WarehouseFixture

    init() throws { warehouse = try WarehouseFixture() }

    @Test func `fields and elements of nested columns are read`() throws {
        let table = "FROM radiology.instances WHERE SOPInstanceUID = '1.3.1'"
        #expect(try warehouse.rows("SELECT PatientName.Alphabetic.FamilyName \(table)") == ["Müller"])
        #expect(try warehouse.rows("SELECT instances.PatientName.Alphabetic.GivenName \(table)") == ["Eva"])
        #expect(
            try warehouse.rows("SELECT ImageType[SAFE_OFFSET(1)], ImageType[ORDINAL(1)] \(table)") == [
                "PRIMARY|ORIGINAL"
            ]
        )
        #expect(
            try warehouse.rows("SELECT ImageType[SAFE_OFFSET(9)], ImageType[SAFE_OFFSET(-1)] \(table)") == ["NULL|NULL"]
        )
        #expect(try warehouse.rows("SELECT ImageType[SAFE_OFFSET(Rows - 511)] \(table)") == ["PRIMARY"])
        #expect(try warehouse.rows("SELECT OtherElements[OFFSET(0)].Data[SAFE_OFFSET(1)] \(table)") == ["8"])
        #expect(
            try warehouse.rows("SELECT ARRAY_TO_STRING(ImageType, '/'), ARRAY_LENGTH(Matrix) \(table)") == [
                "ORIGINAL/PRIMARY|2"
            ]
        )
        #expect(warehouse.failure("SELECT ImageType[OFFSET(2)] \(table)")?.message.contains("out of bounds") == true)
        #expect(
            warehouse.failure("SELECT PatientName.Alphabetic.Family \(table)")?.message.contains("does not exist")
                == true
        )
        #expect(warehouse.failure("SELECT OtherElements.Tag \(table)")?.hint?.contains("UNNEST") == true)
    }

    @Test func `a REPEATED column without values is an empty array`() throws {
        let table = "FROM radiology.instances WHERE SOPInstanceUID = '1.3.3'"
        #expect(
            try warehouse.rows("SELECT ARRAY_LENGTH(ImageType), ImageType IS NULL, ImageType \(table)") == [
                "0|false|[]"
            ]
        )
        #expect(try warehouse.rows("SELECT ARRAY_TO_STRING(ImageType, '/') = '' \(table)") == ["true"])
    }

    @Test func `arrays are unnested, in FROM and behind IN`() throws {
        #expect(
            try warehouse.rows(
                """
                SELECT e.Tag, value, place FROM radiology.instances i, i.OtherElements AS e
                CROSS JOIN UNNEST(e.Data) AS value WITH OFFSET place ORDER BY 1, 3
                """
            ) == ["Tag_00091001|x|0", "Tag_00431039|1400|0", "Tag_00431039|8|1"]
        )
        #expect(
            try warehouse.rows("SELECT Tag FROM radiology.instances, UNNEST(OtherElements) ORDER BY Tag").count == 2
        )
        #expect(
            try warehouse.rows("SELECT SOPInstanceUID FROM radiology.instances WHERE 'DERIVED' IN UNNEST(ImageType)")
                == ["1.3.2"]
        )
        #expect(
            try warehouse.rows(
                "SELECT SOPInstanceUID, e.Tag FROM radiology.instances LEFT JOIN UNNEST(OtherElements) e WHERE Rows = 256"
            ) == ["1.3.3|NULL"]
        )
        #expect(
            try warehouse.rows(
                """
                SELECT ARRAY(SELECT d FROM UNNEST(OtherElements) e, UNNEST(e.Data) d WHERE e.Tag = 'Tag_00431039')
                FROM radiology.instances WHERE EXISTS (SELECT 1 FROM UNNEST(OtherElements) WHERE Tag LIKE 'Tag_0043%')
                """
            ) == [#"["1400","8"]"#]
        )
    }

    @Test func `JSON of the other schema is read by tag, all digits or not`() throws {
        let table = "FROM hospital.archive.old"
        #expect(try warehouse.rows("SELECT JSON_VALUE(Metadata, '$.00080060.Value[0]') \(table)") == ["CT"])
        #expect(try warehouse.rows("SELECT JSON_VALUE(Metadata, '$.0020000D.Value[0]') \(table)") == ["1.1"])
        #expect(try warehouse.rows("SELECT JSON_VALUE(Metadata['00080060'].Value[0]) \(table)") == ["CT"])
        #expect(try warehouse.rows("SELECT JSON_QUERY(Metadata, '$.\"00080060\".Value') \(table)") == [#"["CT"]"#])
        #expect(
            try warehouse.rows(
                "SELECT v FROM hospital.archive.old, UNNEST(JSON_VALUE_ARRAY(Metadata, '$.00080060.Value')) v"
            ) == ["CT"]
        )
        #expect(try warehouse.rows("SELECT JSON_VALUE(Metadata, '$.00080060') \(table)") == ["NULL"])
    }

    @Test func `nested columns are JSON in JSON, and all numbers are strings`() throws {
        let json = try warehouse.json(
            "SELECT Rows, Dose, ImageType, PatientName, Modality FROM radiology.instances LIMIT 1"
        )
        #expect(
            json == """
                {
                    "Rows": "512",
                    "Dose": "0.5",
                    "ImageType": ["ORIGINAL","PRIMARY"],
                    "PatientName": {"Alphabetic":{"FamilyName":"Müller","GivenName":"Eva"}},
                    "Modality": "CT"
                  }

                """
        )
        let line = try warehouse.json("SELECT * FROM radiology.instances WHERE Rows = 256", style: .load)
        #expect(
            line == """
                {"PatientID":"B","StudyInstanceUID":"1.2","SeriesInstanceUID":"1.2.2","SOPInstanceUID":"1.3.3",\
                "StudyDate":"2020-01-31","Modality":"MR","Rows":256,"Dose":2.0,"LastUpdated":"2024-01-01 00:00:00.000000Z"}

                """
        )
    }

    @Test func `JSON holds whatever a text holds`() throws {
        #expect(
            try warehouse.json(
                #"SELECT '"\\\b\f\n\r\t\x01\x1f\x7fé' AS a, JSON_QUERY('{"a":\n[1]}', '$') AS b"#,
                style: .load
            )
                == #"{"a":"\"\\\b\f\n\r\t\u0001\u001f\#u{7F}é","b":{"a":[1]}}"# + "\n"
        )
    }
}
