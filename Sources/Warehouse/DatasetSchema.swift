import SQLite
import Vocabulary

/// The tables of our own in a dataset's file, and their version. Scripts may read them.
///
/// - `_dicomexportd_tables`: each table that we made: its schema kind (`flattened`, `json`) and its BigQuery schema as
///   `bq load --schema` takes it.
/// - `_dicomexportd_streams`: a row for each store and table: the cursor, and the counters of its operation. Setting
///   `epoch` to NULL lets a stream go on from now; dropping the table lets it start anew.
/// - `_dicomexportd_gone`: what a stream had to pass over, since the file was gone before it could be read.
/// - `_dicomexportd_exports`: a row for each export into a table of this dataset: how far it is, and when it landed.
/// - `_dicomexportd_export_gone`: the same as `_dicomexportd_gone`, of exports.
/// - `_dicomexportd_upgrades`: the tables with rows that an older version has written and that are still to be looked at:
///   those after `row`, up to `last`.
enum DatasetSchema {
    /// `PRAGMA user_version`. It grows when an older program must not write.
    ///
    /// 2: TIMESTAMPs always have six digits of fraction; rows of damaged files are counted.
    static let version: Int64 = 2

    static let upgrades = """
        CREATE TABLE _dicomexportd_upgrades (
            table_name TEXT PRIMARY KEY,
            row INTEGER NOT NULL,
            last INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    private static let sql = """
        CREATE TABLE _dicomexportd_tables (
            id INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again: names of indexes hold it
            name TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL,
            schema TEXT NOT NULL,
            created INTEGER NOT NULL -- microseconds since 1970, as all times here
        ) STRICT;
        CREATE TABLE _dicomexportd_streams (
            store TEXT NOT NULL,
            table_name TEXT NOT NULL,
            epoch BLOB,
            change INTEGER NOT NULL,
            backfill_until INTEGER NOT NULL,
            success INTEGER NOT NULL DEFAULT 0,
            failure INTEGER NOT NULL DEFAULT 0,
            damaged INTEGER NOT NULL DEFAULT 0,
            operation INTEGER NOT NULL,
            created INTEGER NOT NULL,
            PRIMARY KEY (store, table_name)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE _dicomexportd_gone (
            store TEXT NOT NULL,
            table_name TEXT NOT NULL,
            change INTEGER NOT NULL,
            path BLOB NOT NULL,
            sop_instance_uid TEXT NOT NULL,
            time INTEGER NOT NULL,
            PRIMARY KEY (store, table_name, change)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE _dicomexportd_exports (
            operation INTEGER PRIMARY KEY,
            store TEXT NOT NULL,
            table_name TEXT NOT NULL,
            kind TEXT NOT NULL,
            schema TEXT NOT NULL,
            snapshot INTEGER NOT NULL,
            change INTEGER NOT NULL DEFAULT 0,
            success INTEGER NOT NULL DEFAULT 0,
            failure INTEGER NOT NULL DEFAULT 0,
            damaged INTEGER NOT NULL DEFAULT 0,
            bytes INTEGER NOT NULL DEFAULT 0,
            stream_row INTEGER,
            stream_success INTEGER,
            stream_epoch BLOB,
            landed INTEGER
        ) STRICT;
        CREATE TABLE _dicomexportd_export_gone (
            operation INTEGER NOT NULL,
            change INTEGER NOT NULL,
            path BLOB NOT NULL,
            sop_instance_uid TEXT NOT NULL,
            time INTEGER NOT NULL,
            PRIMARY KEY (operation, change)
        ) STRICT, WITHOUT ROWID;
        \(upgrades)
        PRAGMA user_version = \(version);
        """

    /// Makes our tables in a file that has none, brings those of an older program forward, and refuses a file that a newer
    /// one has written. What it takes does not depend on the number of rows.
    static func prepare(_ connection: Connection) throws {
        try check(connection)
        guard try connection.integer("PRAGMA user_version") != version else { return }
        try connection.transaction {
            // Another process may have been first.
            switch try connection.integer("PRAGMA user_version") {
            case 0: try connection.execute(sql)
            case 1: try upgradeFromFirst(connection)
            default: try check(connection)
            }
        }
    }

    static func check(_ connection: Connection) throws {
        let found = try connection.integer("PRAGMA user_version") ?? 0
        guard found > version else { return }
        throw WarehouseError(
            .failedPrecondition,
            .refused,
            "The dataset \(connection.path) has format \(found); this program knows \(version) and leaves it as it is."
        )
    }
}
