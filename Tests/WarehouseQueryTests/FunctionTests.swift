import Testing

@testable import WarehouseQuery

@Suite struct FunctionTests {
    let warehouse: WarehouseFixture

    init() throws { warehouse = try WarehouseFixture() }

    @Test(arguments: [
        // NULL in any argument is NULL, where SQLite's own concat would pass over it.
        ("CONCAT('a', NULL)", "NULL"), ("CONCAT('a', 1, DATE '2020-1-2')", "a12020-01-02"), ("'a' || 'b'", "ab"),
        // A quotient is never cut.
        ("5 / 2", "2.5"), ("4 / 2", "2.0"), ("DIV(5, 2)", "2"), ("MOD(-5, 3)", "-2"), ("SAFE_DIVIDE(1, 0)", "NULL"),
        ("1 + 2 * 3 - -4", "11"), ("(1 + 2) * 3", "9"), ("-9223372036854775808", "-9223372036854775808"),
        // LIKE minds case, and its escape is the backslash.
        ("'abc' LIKE 'A%'", "false"), ("'abc' LIKE 'a_c'", "true"), (#"'a%c' LIKE r'a\%c'"#, "true"),
        (#"'abc' LIKE r'a\%c'"#, "false"), ("'a' NOT LIKE 'b'", "true"), ("NULL LIKE 'a'", "NULL"),
        ("SAFE_CAST('1.5' AS FLOAT64)", "1.5"), ("SAFE_CAST('x' AS FLOAT64)", "NULL"), ("CAST(' 12 ' AS INT64)", "12"),
        ("SAFE_CAST('1.5' AS INT64)", "NULL"), ("CAST(2.5 AS INT64)", "3"), ("CAST(-2.5 AS INT64)", "-3"),
        ("CAST('12' AS NUMERIC)", "12"), ("CAST('1.25' AS NUMERIC)", "1.25"), ("CAST(1.0 AS STRING)", "1"),
        ("CAST(TRUE AS STRING)", "true"), ("CAST('TRUE' AS BOOL)", "true"), ("CAST('0x1F' AS INT64)", "31"),
        ("CAST('2020-2-3' AS DATE)", "2020-02-03"), ("SAFE_CAST('2021-02-29' AS DATE)", "NULL"),
        ("CAST(NULL AS STRING)", "NULL"), ("CAST('1e3' AS FLOAT64)", "1000.0"), ("SAFE_CAST('inf' AS FLOAT64)", "NULL"),
        ("CAST(TIMESTAMP '2020-01-01 10:00:00+02' AS STRING)", "2020-01-01 08:00:00+00"),
        ("DATE(TIMESTAMP '2020-01-01 23:30:00')", "2020-01-01"),
        ("IF(1 > 2, 'a', 'b')", "b"), ("IF(NULL, 1, 2)", "2"), ("IFNULL(NULL, 'x')", "x"), ("NULLIF('a', 'a')", "NULL"),
        ("COALESCE(NULL, NULL, 3)", "3"), ("GREATEST(1, 2.5)", "2.5"), ("LEAST('b', 'a')", "a"),
        ("GREATEST(1, NULL)", "NULL"),
        ("CASE 2 WHEN 1 THEN 'a' WHEN 2 THEN 'b' END", "b"), ("CASE WHEN FALSE THEN 1 END", "NULL"),
        ("STARTS_WITH('abc', 'ab')", "true"), ("ENDS_WITH('abc', 'bc')", "true"), ("STRPOS('abc', 'c')", "3"),
        ("SUBSTR('apple', 2)", "pple"), ("SUBSTR('apple', -2)", "le"), ("SUBSTR('apple', 0, 2)", "ap"),
        ("SUBSTR('apple', -9, 2)", "ap"), ("UPPER('äß')", "ÄSS"), ("LOWER('Ä')", "ä"), ("TRIM(' \t a ')", "a"),
        ("RTRIM('axx', 'x')", "a"), ("LENGTH('äö')", "2"), ("REPLACE('aab', 'a', 'x')", "xxb"),
        ("LEFT('abc', 2)", "ab"),
        ("RIGHT('abc', 2)", "bc"), ("LPAD('7', 3, '0')", "007"), ("REPEAT('ab', 2)", "abab"), ("REVERSE('abc')", "cba"),
        ("SPLIT('a,b')", #"["a","b"]"#), (#"SPLIT('a\\b', '\\')[OFFSET(1)]"#, "b"),
        ("CONTAINS_SUBSTR('ABC', 'b')", "true"),
        ("ARRAY_LENGTH([1, 2])", "2"), ("[1, 2][SAFE_OFFSET(1)]", "2"), ("2 IN UNNEST([1, 2])", "true"),
        ("ARRAY_TO_STRING(['a', 'b'], '-')", "a-b"), ("ROUND(2.5)", "3.0"), ("ROUND(1.255, 1)", "1.3"),
        ("CEIL(1.2)", "2.0"),
        ("TRUNC(-1.7)", "-1.0"), ("SQRT(16)", "4.0"), ("POW(2, 10)", "1024.0"), ("ABS(-3)", "3"),
        ("SIGN(-2.5)", "-1.0"),
        ("EXTRACT(YEAR FROM DATE '2020-03-04')", "2020"), ("EXTRACT(HOUR FROM TIME '12:34:56')", "12"),
        ("DATE_DIFF(DATE '2020-03-01', DATE '2020-02-01', DAY)", "29"),
        ("DATE_DIFF('2021-01-01', '2020-12-31', YEAR)", "1"),
        ("DATE_ADD('2020-01-31', INTERVAL 1 MONTH)", "2020-02-29"),
        ("DATE_SUB(DATE '2020-01-01', INTERVAL 1 DAY)", "2019-12-31"),
        ("DATE_TRUNC(DATE '2020-05-06', MONTH)", "2020-05-01"),
        ("TIMESTAMP_DIFF('2020-01-02', '2020-01-01 12:00:00', HOUR)", "12"),
        ("TIMESTAMP '9999-12-31 23:59:59.999999'", "9999-12-31 23:59:59.999999"),
        ("TIMESTAMP_ADD('1969-12-31 23:59:59.5', INTERVAL 500 MILLISECOND)", "1970-01-01 00:00:00"),
        ("1 BETWEEN 0 AND 2 AND NOT 3 IN (1, 2)", "true"), ("NULL IS NULL", "true"), ("TRUE IS NOT FALSE", "true"),
        ("'a' IN ('b', \"a\")", "true"), ("JSON_VALUE('{\"a\":[1,true]}', '$.a[1]')", "true"),
        ("JSON_VALUE('no json', '$.a')", "NULL"), ("TO_JSON_STRING(['a'])", #"["a"]"#),
        ("TO_JSON_STRING('a\"')", #""a\"""#),
        (#""double" = 'double'"#, "true"), ("'🙂' = '🙂'", "true"),
    ])
    func `expressions have BigQuery's values`(expression: String, value: String) throws {
        #expect(try warehouse.value(expression) == value)
    }

    @Test(arguments: [
        ("1 / 0", "Division by zero"), ("MOD(1, 0)", "Division by zero"), ("CAST('x' AS INT64)", "Could not cast"),
        ("9223372036854775807 + 1", "overflow"), ("'a' LIKE 'b\\\\'", "backslash"), ("LEFT('a', -1)", "negative"),
        ("DATE_ADD('9999-12-31', INTERVAL 1 DAY)", "out of range"), ("REPEAT('aaaa', 999999999999)", "too long"),
        ("LN(0)", "out of range"), ("TIMESTAMP_ADD('2020-01-01', INTERVAL 9223372036854775807 DAY)", "out of range"),
        ("TIMESTAMP_SUB('0001-01-01', INTERVAL 1 MICROSECOND)", "out of range"),
        ("DATE_ADD('2020-01-01', INTERVAL -9223372036854775807 YEAR)", "out of range"),
    ])
    func `what has no value is an error, never another value`(expression: String, message: String) {
        #expect(warehouse.failure("SELECT " + expression)?.message.contains(message) == true)
    }

    @Test(arguments: [
        ("SliceThickness > 5", "operator >"), ("SliceThickness = 5", "operator ="), ("Rows = '512'", "operator ="),
        ("Rows + PatientID", "operator +"), ("Modality IN ('CT', 1)", "operator IN"), ("ImageType = 'x'", "operator ="),
        ("Modality AND TRUE", "operator AND"), ("NOT Rows", "operator NOT"), ("-Modality", "operator -"),
        ("Rows || 'x'", "operator ||"), ("StudyDate LIKE '2%'", "operator LIKE"), ("UPPER(Rows)", "function UPPER"),
        ("SUM(SliceThickness)", "function SUM"), ("AVG(Modality)", "function AVG"), ("IF(TRUE, 1, 'a')", "CASE"),
        ("ROUND(SliceThickness)", "function ROUND"), ("StudyDate > LastUpdated", "operator >"),
        ("MIN(ImageType)", "function MIN"), ("ARRAY_LENGTH(Modality)", "function ARRAY_LENGTH"),
    ])
    func `types that do not go together are refused`(expression: String, what: String) {
        let message = warehouse.failure("SELECT \(expression) FROM radiology.instances")?.message ?? "none"
        #expect(message.contains("No matching signature for \(what)"), "\(message)")
    }

    @Test func `aggregates pass over NULL as BigQuery's do`() throws {
        #expect(
            try warehouse.rows(
                """
                SELECT COUNT(*), COUNT(PatientID), COUNT(DISTINCT PatientID), SUM(Rows), AVG(Dose), MIN(StudyDate),
                  MAX(LastUpdated), STRING_AGG(Modality, '+'), ARRAY_AGG(Modality IGNORE NULLS), ANY_VALUE(1),
                  LOGICAL_OR(Rows = 256), COUNTIF(Rows IS NULL), AVG(SAFE_CAST(SliceThickness AS FLOAT64))
                FROM radiology.instances
                """
            ) == [
                #"4|3|2|1280|1.25|2020-01-31|2024-01-02 10:00:00.500000|CT+CT+MR|["CT","CT","MR"]|1|true|1|5.75"#
            ]
        )
        #expect(try warehouse.rows("SELECT SUM(Rows), COUNT(*) FROM radiology.instances WHERE FALSE") == ["NULL|0"])
    }
}
