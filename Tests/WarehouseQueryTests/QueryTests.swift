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
}
