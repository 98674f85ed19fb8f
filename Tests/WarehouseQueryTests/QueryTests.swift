import Testing

@testable import WarehouseQuery

@Suite struct QueryTests {
    let warehouse: WarehouseFixture

    init() throws { warehouse = try WarehouseFixture() }

    // The three queries that are documented for exported tables, with other names only.

    @Test func `paths for DICOMweb are put together`() throws {
        let sql = """
            #standardSQL
            SELECT CONCAT('/dicomWeb/studies/', StudyInstanceUID, '/series/', SeriesInstanceUID, '/instances/', SOPInstanceUID) as DICOMwebPath
            FROM `hospital.radiology.instances`
            WHERE PatientID = '19045';
            """
        #expect(
            try warehouse.json(sql) == """
                {
                    "DICOMwebPath": "/dicomWeb/studies/1.1/series/1.2.1/instances/1.3.1"
                  }
                {
                    "DICOMwebPath": "/dicomWeb/studies/1.1/series/1.2.1/instances/1.3.2"
                  }

                """
        )
    }

    @Test func `the latest studies come first, with the number of their instances`() throws {
        let sql = """
            #standardSQL
            SELECT
              MIN(CONCAT(StudyDate, ' ', StudyTime)) as StudyDateTime, MIN(PatientID) as PatientID, StudyInstanceUID, COUNT(*) as InstanceCount
            FROM
             `hospital.radiology.instances` AS dicom
            GROUP BY StudyInstanceUID
            ORDER BY StudyDateTime DESC
            LIMIT 10;
            """
        let rows = try warehouse.rows(sql)
        #expect(rows.first == "2021-07-11 00:38:22|19045|1.1|2")
        #expect(rows.dropFirst().sorted() == ["NULL|B|1.2|1", "NULL|NULL|1.3|1"])
        #expect(try warehouse.json(sql).contains("\"InstanceCount\": \"2\""))
    }

    @Test func `lines of a filter file are put together from a table by its legacy name`() throws {
        let sql = """
            SELECT CONCAT
                ('/studies/', StudyInstanceUID, '/series/', SeriesInstanceUID, '/instances/', SOPInstanceUID)
            FROM
                [hospital:radiology.instances]

            """
        let rows = try warehouse.rows(sql)
        #expect(rows.count == 4)
        #expect(rows.first == "/studies/1.1/series/1.2.1/instances/1.3.1")
        #expect(try warehouse.json(sql).contains("\"f0_\": "))
    }

    // Names.

    @Test(arguments: [
        "`hospital.radiology.instances`", "`hospital`.`radiology`.`instances`", "`hospital.radiology`.instances",
        "hospital.radiology.instances", "radiology.instances", "`radiology.instances`", "[radiology.instances]",
        "[hospital:radiology.instances]", "`radiology`.`instances`",
    ])
    func `a table is found under each of its spellings`(name: String) throws {
        #expect(try warehouse.rows("SELECT COUNT(*) FROM \(name)") == ["4"])
        #expect(try warehouse.rows("SELECT COUNT(x.PatientID) FROM \(name) AS x") == ["3"])
    }

    @Test func `a project may hold dashes`() throws {
        #expect(try warehouse.rows("SELECT old.SOPInstanceUID FROM my-lab.archive.old") == ["1.3.1"])
        #expect(try warehouse.rows("SELECT SOPInstanceUID FROM [my-lab:archive.old]") == ["1.3.1"])
        #expect(try warehouse.rows("SELECT COUNT(*) FROM `radiology.odd name-x`") == ["0"])
    }

    @Test func `tables of several datasets and projects are joined`() throws {
        let sql = """
            SELECT i.Modality, a.SOPInstanceUID, b.Metadata IS NOT NULL
            FROM radiology.instances AS i JOIN hospital.archive.old a ON i.SOPInstanceUID = a.SOPInstanceUID
            LEFT JOIN `my-lab.archive.old` AS b USING (SOPInstanceUID)
            """
        let ambiguous = try #require(warehouse.failure(sql))
        #expect(ambiguous.message.contains("ambiguous"))
        #expect(
            try warehouse.rows(
                """
                SELECT i.Modality, SOPInstanceUID, b.Metadata IS NOT NULL
                FROM radiology.instances AS i JOIN hospital.archive.old a USING (SOPInstanceUID)
                LEFT JOIN `my-lab.archive.old` AS b USING (SOPInstanceUID)
                """
            ) == ["CT|1.3.1|true"]
        )
    }

    @Test func `more datasets than SQLite attaches are refused`() throws {
        for number in 0..<11 { try warehouse.dataset("many", "d\(number)", "CREATE TABLE t (a TEXT) STRICT") }
        let sql = { (count: Int) in
            (0..<count).map { "SELECT a FROM many.d\($0).t" }.joined(separator: " UNION ALL ")
        }
        #expect(try warehouse.rows(sql(10)).isEmpty)
        #expect(warehouse.failure(sql(11))?.message.contains("10 datasets") == true)
    }

    @Test func `what is not there is named, with what is`() {
        #expect(
            warehouse.failure("SELECT 1 FROM radiology.instance")?.hint
                == "The dataset has: ct, instances, odd name-x, own."
        )
        #expect(warehouse.failure("SELECT 1 FROM hospital.nope.t")?.hint == "The project has: archive, radiology.")
        #expect(
            warehouse.failure("SELECT 1 FROM nope.d.t")?.hint == "The warehouse has the projects: hospital, my-lab."
        )
        #expect(warehouse.failure("SELECT 1 FROM nope.t")?.message == "Not found: Dataset nope")
        #expect(warehouse.failure("SELECT 1 FROM archive.old")?.hint == "Name one of: hospital, my-lab.")
        #expect(warehouse.failure("SELECT 1 FROM instances")?.message.contains("must be qualified") == true)
        #expect(warehouse.failure("SELECT PatientId2 FROM radiology.instances")?.hint == "Did you mean PatientID?")
        #expect(
            warehouse.failure("SELECT 1 FROM radiology._dicomexportd_tables")?.message.contains("Not found") == true
        )
        #expect(warehouse.failure("SELECT 1 FROM radiology.INSTANCES")?.message.contains("Not found") == true)
    }

    @Test func `columns are found without regard to case, and stars are all of them in BigQuery's order`() throws {
        #expect(try warehouse.rows("SELECT patientid FROM radiology.instances LIMIT 1") == ["19045"])
        let star = try warehouse.json("SELECT * EXCEPT (OtherElements, LastUpdated) FROM radiology.instances LIMIT 1")
        #expect(star.hasPrefix("{\n    \"PatientID\": \"19045\",\n    \"StudyInstanceUID\""))
        #expect(!star.contains("OtherElements"))
        #expect(try warehouse.rows("SELECT Rows FROM radiology.instances WHERE rows > 300 LIMIT 1") == ["512"])
    }

    // Nested values.

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
                "StudyDate":"2020-01-31","Modality":"MR","Rows":256,"Dose":2.0,"LastUpdated":"2024-01-01 00:00:00Z"}

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

    // Groups, windows, subqueries.

    @Test func `a column that is neither grouped nor aggregated is refused`() throws {
        #expect(warehouse.failure("SELECT Modality, COUNT(*) FROM radiology.instances")?.offset == 7)
        #expect(
            warehouse.failure("SELECT PatientID FROM radiology.instances GROUP BY Modality")?.message.contains(
                "neither grouped"
            ) == true
        )
        #expect(warehouse.failure("SELECT *, COUNT(*) FROM radiology.instances") != nil)
        #expect(warehouse.failure("SELECT Modality FROM radiology.instances GROUP BY 1 ORDER BY PatientID") != nil)
        #expect(
            try warehouse.rows(
                """
                SELECT CONCAT(Modality, '!') AS m, COUNTIF(Rows > 300) AS large FROM radiology.instances
                GROUP BY m HAVING COUNT(*) > 0 AND m IS NOT NULL ORDER BY large DESC, m
                """
            ) == ["CT!|2", "MR!|0"]
        )
        #expect(
            try warehouse.rows(
                "SELECT CONCAT(UPPER(Modality), 'x') FROM radiology.instances GROUP BY UPPER(Modality) ORDER BY 1"
            )
                == ["NULL", "CTx", "MRx"]
        )
        #expect(
            warehouse.failure("SELECT 1 FROM radiology.instances WHERE COUNT(*) > 1")?.message.contains("WHERE clause")
                == true
        )
        #expect(warehouse.failure("SELECT SUM(COUNT(*)) FROM radiology.instances") != nil)
    }

    @Test func `an element of an array is grouped as a column is`() throws {
        let table = "FROM radiology.instances, UNNEST(OtherElements) AS e"
        #expect(warehouse.failure("SELECT e.Tag, COUNT(*) \(table)")?.message.contains("neither grouped") == true)
        #expect(warehouse.failure("SELECT Tag, COUNT(*) \(table) GROUP BY e.Data") != nil)
        #expect(
            try warehouse.rows("SELECT e.Tag, COUNT(*) \(table) GROUP BY e.Tag ORDER BY 1 LIMIT 1") == [
                "Tag_00091001|1"
            ]
        )
        #expect(
            try warehouse.rows(
                "SELECT t, COUNT(*) AS n FROM radiology.instances, UNNEST(ImageType) t GROUP BY t ORDER BY t LIMIT 1"
            )
                == ["DERIVED|1"]
        )
    }

    @Test func `an aggregate belongs to the query that it stands in`() {
        let sql = "SELECT (SELECT MAX(o.Rows) FROM radiology.ct) FROM radiology.instances o"
        #expect(warehouse.failure(sql)?.message.contains("outer query") == true)
    }

    @Test func `a constant is not taken for the place of a column`() throws {
        let table = "FROM radiology.instances"
        #expect(try warehouse.rows("SELECT 2 AS a, COUNT(*) AS n \(table) GROUP BY a") == ["2|4"])
        #expect(try warehouse.rows("SELECT TRUE AS a, COUNT(*) AS n \(table) GROUP BY 1") == ["true|4"])
        #expect(try warehouse.rows("SELECT COUNT(*) AS n \(table) GROUP BY -5") == ["4"])
        #expect(try warehouse.rows("SELECT Rows \(table) WHERE Rows = 256 ORDER BY -7, TRUE") == ["256"])
    }

    @Test func `a view has the types of the columns that it shows`() throws {
        #expect(
            warehouse.failure("SELECT 1 FROM radiology.ct WHERE SliceThickness > 5")?.message.contains("STRING, INT64")
                == true
        )
        #expect(
            try warehouse.rows(
                "SELECT PatientName.Alphabetic.GivenName, LastUpdated FROM radiology.ct ORDER BY 2 DESC LIMIT 1"
            ) == ["Eva|2024-01-02 10:00:00.500000"]
        )
        #expect(try warehouse.rows("SELECT doubled + 1 FROM radiology.own WHERE Tall") == ["1025"])
    }

    @Test func `names that are there twice are refused`() {
        #expect(warehouse.failure("SELECT 1 AS a, 2 AS A")?.message.contains("Duplicate column names") == true)
        #expect(warehouse.failure("SELECT * FROM radiology.instances a, radiology.instances b") != nil)
    }

    @Test func `the latest state of each instance is a window away`() throws {
        #expect(
            try warehouse.rows(
                """
                SELECT SOPInstanceUID, Modality FROM radiology.instances WHERE TRUE
                QUALIFY ROW_NUMBER() OVER (PARTITION BY StudyInstanceUID ORDER BY LastUpdated DESC) = 1
                ORDER BY StudyInstanceUID
                """
            ) == ["1.3.1|CT", "1.3.3|MR", "1.3.4|NULL"]
        )
        #expect(
            try warehouse.rows(
                """
                WITH latest AS (
                  SELECT *, MAX(LastUpdated) OVER (PARTITION BY StudyInstanceUID) AS newest FROM radiology.instances)
                SELECT SOPInstanceUID FROM latest WHERE LastUpdated = newest ORDER BY 1
                """
            ) == ["1.3.1", "1.3.3"]
        )
    }

    @Test func `times sort as times, with a fraction or without`() throws {
        #expect(
            try warehouse.rows(
                "SELECT LastUpdated FROM radiology.instances WHERE LastUpdated >= '2024-01-02' ORDER BY 1"
            )
                == ["2024-01-02 10:00:00", "2024-01-02 10:00:00.500000"]
        )
        #expect(
            try warehouse.rows(
                "SELECT COUNT(*) FROM radiology.instances WHERE StudyDate < '2021-1-1' AND StudyDate > DATE '2020-1-1'"
            )
                == ["1"]
        )
    }

    @Test func `subqueries, sets and common queries work, and one value is one row`() throws {
        #expect(try warehouse.rows("SELECT (SELECT MAX(Rows) FROM radiology.instances)") == ["512"])
        #expect(
            warehouse.failure("SELECT (SELECT Rows FROM radiology.instances)")?.message.contains("more than one")
                == true
        )
        #expect(
            try warehouse.rows("SELECT 1 AS a UNION ALL SELECT 2.5 UNION ALL SELECT NULL ORDER BY a DESC") == [
                "2.5", "1.0", "NULL",
            ]
        )
        #expect(try warehouse.rows("(SELECT 1) EXCEPT DISTINCT (SELECT 1)").isEmpty)
        #expect(warehouse.failure("SELECT 1 UNION ALL SELECT 'a'")?.message.contains("incompatible types") == true)
        #expect(warehouse.failure("SELECT 1 UNION ALL SELECT 1, 2")?.message.contains("numbers of columns") == true)
        #expect(
            try warehouse.rows(
                "WITH a AS (SELECT 1 AS x), b AS (SELECT x + 1 AS y FROM a) SELECT y, (SELECT x FROM a) FROM b"
            )
                == ["2|1"]
        )
        #expect(
            try warehouse.rows(
                """
                SELECT DISTINCT Modality FROM radiology.instances o WHERE Rows = (
                  SELECT MAX(Rows) FROM radiology.instances i WHERE i.Modality = o.Modality) ORDER BY Modality
                """
            ) == ["CT", "MR"]
        )
    }

    @Test func `parameters have their types`() throws {
        #expect(
            try warehouse.rows(
                "SELECT COUNT(*) FROM radiology.instances WHERE PatientID = @id AND Rows = @Rows LIMIT @n",
                parameters: ["id::19045", "rows:INT64:512", "n:INT64:1"]
            ) == ["2"]
        )
        #expect(warehouse.failure("SELECT @x")?.message.contains("'x' not found") == true)
        #expect(
            warehouse.failure("SELECT 1 + @x", parameters: ["x:STRING:1"])?.message.contains("No matching signature")
                == true
        )
        #expect(throws: QueryError.self) { try QueryParameter("x:INT64:1.5") }
        #expect(throws: QueryError.self) { try QueryParameter("x:BYTES:a") }
        #expect(try warehouse.rows("SELECT @x", parameters: ["x::a:b' OR 1"]) == ["a:b' OR 1"])
    }
}
