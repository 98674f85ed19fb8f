import Testing

@testable import WarehouseQuery

/// What must not run, however it is put.
@Suite struct RefusalTests {
    let warehouse: WarehouseFixture

    init() throws { warehouse = try WarehouseFixture() }

    @Test(arguments: [
        "", " # nothing", ";", "ATTACH 'x' AS y", "PRAGMA query_only = 0", "INSERT INTO radiology.instances VALUES (1)",
        "UPDATE radiology.instances SET PatientID = 'x' WHERE TRUE", "DELETE FROM radiology.instances WHERE TRUE",
        "DROP TABLE radiology.instances", "CREATE TABLE radiology.x AS SELECT 1", "EXPLAIN SELECT 1", "VACUUM",
        "SELECT 1; SELECT 2", "SELECT 1; DROP TABLE radiology.instances", "SELECT 1;;", "BEGIN; SELECT 1", "VALUES (1)",
        "WITH x AS (DELETE FROM radiology.instances) SELECT 1", "SELECT (DELETE FROM radiology.instances)",
        "SELECT 1 INTO x", "SELECT load_extension('/tmp/x.so')", "SELECT readfile('/etc/passwd')",
        "SELECT writefile('/tmp/x', 'y')", "SELECT sqlite_version()", "SELECT bq_fail('x')", "SELECT random()",
        "SELECT * FROM pragma_database_list", "SELECT * FROM pragma_table_info('x')", "SELECT * FROM sqlite_schema",
        "SELECT * FROM d0.sqlite_schema", "SELECT * FROM radiology.sqlite_schema",
        "SELECT rowid FROM radiology.instances",
        "SELECT * FROM json_each('[1]')", "SELECT * FROM `../../etc.passwd.x`",
        "SELECT * FROM `..`.radiology.instances",
        "SELECT * FROM `hospital/../hospital.radiology.instances`", "SELECT * FROM `a.b\\0.c`",
        "SELECT * FROM `radiology.instances\"; DROP TABLE x; --`", "SELECT `a\"b` FROM radiology.instances",
        "SELECT 1 AS a FROM radiology.instances AS `x\" JOIN y` WHERE nope", "SELECT * FROM [radiology.instances",
        "SELECT * FROM [a:b:c.d.e]", "SELECT [radiology.instances]", "SELECT * FROM radiology.instances@-3600",
        "SELECT", "SELECT FROM radiology.instances", "SELECT 1 +", "SELECT (1", "SELECT 1)", "SELECT 1 1 1",
        "SELECT 1 WHERE", "SELECT * ", "SELECT 1 LIMIT -1", "SELECT 1 LIMIT 'a'", "SELECT 1 ORDER BY 2",
        "SELECT 1 = 1 = 1", "SELECT a.b.c.d", "SELECT COUNT(*) OVER w FROM radiology.instances",
        "SELECT r'\\", "SELECT r\"\"\"\\",
    ])
    func `it is refused`(sql: String) {
        #expect(warehouse.failure(sql) != nil, "\(sql)")
    }

    @Test(arguments: [
        ("SELECT REGEXP_CONTAINS('a', r'a')", "Function REGEXP_CONTAINS"), ("SELECT 1 ^ 2", "The operator ^"),
        ("SELECT STRUCT(1)", "STRUCT"), ("SELECT b'x'", "BYTES"),
        ("WITH RECURSIVE x AS (SELECT 1) SELECT 1", "WITH RECURSIVE"),
        ("SELECT 1 FROM radiology.`inst*`", "Not found"),
        ("SELECT * FROM radiology.instances TABLESAMPLE SYSTEM (1 PERCENT)", "TABLESAMPLE"),
        ("SELECT CAST(1 AS BYTES)", "CAST to BYTES"),
        ("SELECT FORMAT_DATE('%Y', DATE '2020-01-01')", "Function FORMAT_DATE"),
        ("SELECT SAFE.SUBSTR('a', 1)", "SAFE."),
        ("SELECT STRING_AGG(Modality ORDER BY Modality) FROM radiology.instances", "ORDER inside"),
        ("SELECT x FROM radiology.instances FOR SYSTEM_TIME AS OF '2020'", "FOR SYSTEM_TIME"),
        ("SELECT t FROM radiology.instances t", "whole row"),
        ("SELECT * REPLACE (1 AS Rows) FROM radiology.instances", "REPLACE"),
        ("SELECT AS STRUCT 1", "SELECT AS STRUCT"),
        ("SELECT EXTRACT(DAYOFWEEK FROM DATE '2020-01-01')", "EXTRACT of DAYOFWEEK"), ("SELECT ?", "without a name"),
        ("SELECT DATE_DIFF('2020-01-01', '2020-01-01', WEEK)", "unit WEEK"), ("SELECT (1, 2)", "STRUCT"),
        ("SELECT nope(1)", "Function NOPE"),
    ])
    func `what is not supported is named, at its place`(sql: String, what: String) throws {
        let error = try #require(warehouse.failure(sql))
        #expect(error.message.contains(what), "\(error.message)")
        #expect(error.offset != nil)
    }

    @Test func `a query that would grow without end is refused`() throws {
        var text = "Modality"
        for _ in 0..<40 { text = "JSON_VALUE(\(text), '$.a')" }
        let longer = try #require(warehouse.failure("SELECT \(text) FROM radiology.instances"))
        #expect(longer.message.contains("complicated"))
        var nested = "max(1)"
        for _ in 0..<14 { nested = "(SELECT \(nested) FROM radiology.instances) + max(1)" }
        let slower = try #require(warehouse.failure("SELECT \(nested) FROM radiology.instances"))
        #expect(slower.message.contains("complicated"))
    }

    @Test func `nesting without end is refused, wherever it is`() {
        for (open, close) in [
            ("(", ")"), ("NOT ", ""), ("- ", ""), ("(SELECT ", ")"), ("CASE WHEN TRUE THEN ", " END"), ("ABS(", ")"),
            ("[", "]"),
            ("CAST(", " AS INT64)"), ("ARRAY(SELECT ", ")"),
        ] {
            for count in [50, 100, open == "(" ? 200_000 : 2000] {
                let sql =
                    "SELECT " + String(repeating: open, count: count) + "1" + String(repeating: close, count: count)
                let error = warehouse.failure(sql)
                #expect(count < 100 || error?.message.contains("nested too deeply") == true, "\(open) \(count)")
            }
        }
        for piece in ["[0]", ".a", "[OFFSET(0)]"] {
            #expect(
                warehouse.failure(
                    "SELECT PatientName" + String(repeating: piece, count: 10_000) + " FROM radiology.instances"
                ) != nil
            )
        }
    }

    @Test func `long lists are fine, and what SQLite finds too long is an error`() throws {
        let values = (0..<20_000).map { "'\($0)'" }.joined(separator: ", ")
        #expect(try warehouse.rows("SELECT COUNT(*) FROM radiology.instances WHERE PatientID IN (\(values))") == ["2"])
        let terms = { (word: String) in
            "SELECT " + Array(repeating: "1 = 1", count: 3000).joined(separator: " \(word) ")
        }
        #expect(try warehouse.rows(terms("AND")) == ["true"])
        #expect(try warehouse.rows(terms("OR")) == ["true"])
        #expect(warehouse.failure("SELECT " + String(repeating: "1 + ", count: 20_000) + "1")?.offset == 9)
        #expect(warehouse.failure("SELECT " + Array(repeating: "1", count: 5000).joined(separator: ", ")) != nil)
    }

    @Test func `bytes at random are refused or run, and nothing else`() {
        let pieces = [
            "SELECT", "FROM", "WHERE", "radiology.instances", "(", ")", ",", "'", "\"", "`", "[", "]", "*", "1",
            "PatientID", "AND",
            "#", "/*", "*/", "--", "\n", "\\", "@x", "UNNEST", "GROUP BY", "COUNT", ".", "CASE", "END", "é", ";", "AS",
            "IN", "=",
        ]
        var state: UInt64 = 42
        for _ in 0..<3000 {
            let words = (0..<Int(state >> 33 % 24)).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return pieces[Int(state >> 33) % pieces.count]
            }
            state = state &* 6_364_136_223_846_793_005 &+ 1
            _ = warehouse.failure("SELECT " + words.joined(separator: " "))
        }
    }

    @Test func `a view of somebody's cannot reach what the query cannot`() throws {
        try warehouse.dataset(
            "evil",
            "d",
            "CREATE VIEW v AS SELECT bq_upper('a') AS a; CREATE VIEW w AS SELECT load_extension('/tmp/x.so') AS a"
        )
        #expect(warehouse.failure("SELECT * FROM evil.d.v") != nil)
        #expect(warehouse.failure("SELECT * FROM evil.d.w") != nil)
        #expect(try warehouse.rows("SELECT PatientID FROM radiology.ct WHERE Modality = 'CT'").count == 2)
    }
}
