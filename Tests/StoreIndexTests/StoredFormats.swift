import Vocabulary

/// Indexes as earlier releases wrote them, as `.dump` of sqlite3 shows them.
enum StoredFormat: Int, CaseIterable {
    case first = 1
    case second = 2

    /// The statements that make such a file.
    ///
    /// A store on device 20 with a file system 21 below it; the deletions of one are held, somebody has allowed them, and one file
    /// could not be read.
    var dump: String {
        """
        CREATE TABLE log_head (id INTEGER PRIMARY KEY CHECK (id = 1), head INTEGER NOT NULL, floor INTEGER NOT NULL,
            digest_key BLOB NOT NULL) STRICT;
        INSERT INTO log_head VALUES (1, 9, 0, X'000102030405060708090A0B0C0D0E0F');
        CREATE TABLE epochs (first INTEGER PRIMARY KEY, epoch BLOB NOT NULL) STRICT;
        INSERT INTO epochs VALUES (0, X'AA'), (1, X'BB');
        CREATE TABLE stores (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, device INTEGER, inode INTEGER,
            file_system INTEGER, created INTEGER NOT NULL, baseline_done INTEGER NOT NULL DEFAULT 0,
            deletions_held INTEGER NOT NULL DEFAULT 0, last_time INTEGER NOT NULL DEFAULT 0,
            files INTEGER NOT NULL DEFAULT 0, live INTEGER NOT NULL DEFAULT 0) STRICT;
        INSERT INTO stores VALUES (1, 'projects/p/locations/l/datasets/d/dicomStores/s', 20, 2, 77, 5, 1, 1, 60, 3, 2);
        CREATE TABLE files (store INTEGER NOT NULL, path BLOB NOT NULL, device INTEGER NOT NULL, inode INTEGER NOT NULL,
            size INTEGER NOT NULL, modified INTEGER NOT NULL, changed INTEGER NOT NULL, examined INTEGER NOT NULL,
            state INTEGER NOT NULL, change INTEGER NOT NULL, version INTEGER, PRIMARY KEY (store, path)) STRICT, WITHOUT ROWID;
        INSERT INTO files VALUES (1, CAST('a' AS BLOB), 20, 11, 100, 1, 1, 3, 1, 1, 1),
            (1, CAST('disk/b' AS BLOB), 21, 12, 100, 1, 1, 3, 1, 2, 2), (1, CAST('c' AS BLOB), 0, 0, 0, 0, 0, 3, 2, 3, 3);
        CREATE INDEX files_by_inode ON files (inode);
        CREATE TABLE log (change INTEGER PRIMARY KEY, store INTEGER NOT NULL, kind INTEGER NOT NULL, path BLOB NOT NULL,
            size INTEGER NOT NULL, digest BLOB, study TEXT, series TEXT, instance TEXT, time INTEGER NOT NULL, ended INTEGER,
            baseline INTEGER NOT NULL) STRICT;
        INSERT INTO log VALUES
            (1, 1, 1, CAST('a' AS BLOB), 100, X'00000000000000010000000000000001', '1.1', '1.1.1', '1', 10, NULL, 0),
            (2, 1, 1, CAST('disk/b' AS BLOB), 100, X'00000000000000010000000000000001', '1.1', '1.1.1', '2', 20, NULL, 0),
            (3, 1, 3, CAST('c' AS BLOB), 0, NULL, NULL, NULL, NULL, 30, NULL, 0);
        CREATE INDEX log_by_instance ON log (instance) WHERE instance IS NOT NULL;
        CREATE INDEX log_ended ON log (ended) WHERE ended IS NOT NULL;
        CREATE TABLE failures (change INTEGER PRIMARY KEY, store INTEGER NOT NULL, path BLOB NOT NULL, state INTEGER NOT NULL,
            code INTEGER NOT NULL, reason TEXT NOT NULL, message TEXT NOT NULL, offset INTEGER, tag INTEGER,
            first INTEGER NOT NULL, last INTEGER NOT NULL, attempts INTEGER NOT NULL, UNIQUE (store, path)) STRICT;
        INSERT INTO failures VALUES (3, 1, CAST('c' AS BLOB), 2, 7, 'UNREADABLE', 'the file cannot be opened: Permission denied',
            NULL, NULL, 30, 30, 1);
        CREATE TABLE streams (operation INTEGER PRIMARY KEY, store INTEGER NOT NULL, destination TEXT NOT NULL,
            created INTEGER NOT NULL, first INTEGER NOT NULL, cursor INTEGER NOT NULL, started INTEGER NOT NULL DEFAULT 0,
            removed INTEGER, UNIQUE (store, destination)) STRICT;
        INSERT INTO streams VALUES (7, 1, 'bq://p.d.t', 7, 0, 3, 1, NULL);
        CREATE TABLE operations (id INTEGER PRIMARY KEY, store INTEGER NOT NULL, method TEXT NOT NULL, request TEXT NOT NULL,
            caller INTEGER NOT NULL, created INTEGER NOT NULL, ended INTEGER, cancel_requested INTEGER NOT NULL DEFAULT 0,
            success INTEGER NOT NULL DEFAULT 0, failure INTEGER NOT NULL DEFAULT 0, code INTEGER, message TEXT,
            snapshot INTEGER\(self == .first ? "" : ", response TEXT")) STRICT;
        INSERT INTO operations (id, store, method, request, caller, created)
            VALUES (8, 1, 'dicomexportd.RescanDicomStore', 'allowDeletions', 0, 8);
        PRAGMA user_version = \(rawValue);
        """
    }
}
