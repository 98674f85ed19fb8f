import Testing

@testable import WarehouseQuery

/// Groups, windows, sets and subqueries.
@Suite struct GroupingTests {
    let warehouse: WarehouseFixture

    init() throws { warehouse = try WarehouseFixture() }

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

    @Test func `a time is the same with six digits and without any`() throws {
        for time in ["2024-01-02 10:00:00", "2024-01-02 10:00:00.000000", "2024-01-01 00:00:00", "2024-01-01"] {
            #expect(
                try warehouse.rows("SELECT COUNT(*) FROM radiology.instances WHERE LastUpdated = '\(time)'") == ["1"]
            )
        }
        #expect(
            try warehouse.rows(
                """
                SELECT LastUpdated, CAST(LastUpdated AS STRING), CAST(LastUpdated AS TIME), DATE(LastUpdated),
                  EXTRACT(SECOND FROM LastUpdated), TIMESTAMP_ADD(LastUpdated, INTERVAL 1 SECOND)
                FROM radiology.instances WHERE SOPInstanceUID IN ('1.3.2', '1.3.3') ORDER BY LastUpdated
                """
            ) == [
                "2024-01-01 00:00:00|2024-01-01 00:00:00+00|00:00:00|2024-01-01|0|2024-01-01 00:00:01",
                "2024-01-02 10:00:00|2024-01-02 10:00:00+00|10:00:00|2024-01-02|0|2024-01-02 10:00:01",
            ]
        )
    }

    @Test func `what is exported has six digits, whatever wrote it`() throws {
        #expect(
            try warehouse.json("SELECT LastUpdated AS t FROM radiology.instances ORDER BY 1", style: .load)
                == """
                {}
                {"t":"2024-01-01 00:00:00.000000Z"}
                {"t":"2024-01-02 10:00:00.000000Z"}
                {"t":"2024-01-02 10:00:00.500000Z"}

                """
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
