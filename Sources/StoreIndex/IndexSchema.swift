internal import SQLite

/// The tables of state.db.
enum IndexSchema {
    /// Kept in `user_version`; a file with a greater one was written by a newer version and is refused.
    static let version: Int64 = 3

    /// What is thrown for such a file.
    static let isNewer = SQLiteError(code: .misuse, message: "schema version")

    static let statements =
        [
            """
            CREATE TABLE log_head (
                id INTEGER PRIMARY KEY CHECK (id = 1),
                head INTEGER NOT NULL,
                floor INTEGER NOT NULL,
                digest_key BLOB NOT NULL
            ) STRICT
            """,
            // One row per start: numbers from `first` on were given out in that epoch. A log that was restored from a backup gives
            // the same numbers out again, but in another epoch.
            "CREATE TABLE epochs (first INTEGER PRIMARY KEY, epoch BLOB NOT NULL) STRICT",
            """
            CREATE TABLE stores (
                id INTEGER PRIMARY KEY,
                name TEXT NOT NULL UNIQUE,
                device INTEGER, inode INTEGER, file_system INTEGER,
                created INTEGER NOT NULL,
                baseline_done INTEGER NOT NULL DEFAULT 0,
                last_time INTEGER NOT NULL DEFAULT 0,
                files INTEGER NOT NULL DEFAULT 0,
                live INTEGER NOT NULL DEFAULT 0
            ) STRICT
            """,
            """
            CREATE TABLE files (
                store INTEGER NOT NULL, path BLOB NOT NULL,
                device INTEGER NOT NULL, inode INTEGER NOT NULL, size INTEGER NOT NULL,
                modified INTEGER NOT NULL, changed INTEGER NOT NULL, examined INTEGER NOT NULL,
                state INTEGER NOT NULL, change INTEGER NOT NULL, version INTEGER,
                mount INTEGER NOT NULL DEFAULT 0,
                PRIMARY KEY (store, path)
            ) STRICT, WITHOUT ROWID
            """,
            "CREATE INDEX files_by_inode ON files (inode)",
            """
            CREATE TABLE log (
                change INTEGER PRIMARY KEY,
                store INTEGER NOT NULL, kind INTEGER NOT NULL, path BLOB NOT NULL, size INTEGER NOT NULL, digest BLOB,
                study TEXT, series TEXT, instance TEXT,
                time INTEGER NOT NULL, ended INTEGER, baseline INTEGER NOT NULL
            ) STRICT
            """,
            "CREATE INDEX log_by_instance ON log (instance) WHERE instance IS NOT NULL",
            "CREATE INDEX log_ended ON log (ended) WHERE ended IS NOT NULL",
            """
            CREATE TABLE failures (
                change INTEGER PRIMARY KEY,
                store INTEGER NOT NULL, path BLOB NOT NULL, state INTEGER NOT NULL,
                code INTEGER NOT NULL, reason TEXT NOT NULL, message TEXT NOT NULL, offset INTEGER, tag INTEGER,
                first INTEGER NOT NULL, last INTEGER NOT NULL, attempts INTEGER NOT NULL,
                UNIQUE (store, path)
            ) STRICT
            """,
            """
            CREATE TABLE streams (
                operation INTEGER PRIMARY KEY,
                store INTEGER NOT NULL, destination TEXT NOT NULL,
                created INTEGER NOT NULL, first INTEGER NOT NULL, cursor INTEGER NOT NULL, started INTEGER NOT NULL DEFAULT 0,
                removed INTEGER,
                UNIQUE (store, destination)
            ) STRICT
            """,
            """
            CREATE TABLE operations (
                id INTEGER PRIMARY KEY,
                store INTEGER NOT NULL, method TEXT NOT NULL, request TEXT NOT NULL, caller INTEGER NOT NULL,
                created INTEGER NOT NULL, ended INTEGER, cancel_requested INTEGER NOT NULL DEFAULT 0,
                success INTEGER NOT NULL DEFAULT 0, failure INTEGER NOT NULL DEFAULT 0,
                code INTEGER, message TEXT, snapshot INTEGER, response TEXT, damaged INTEGER NOT NULL DEFAULT 0
            ) STRICT
            """,
        ] + absenceStatements

    /// What came with format 3. In `files.mount` a 0 is from before: the store's own file system, or another by its device.
    private static let absenceStatements = [
        """
        CREATE TABLE mounts (
            id INTEGER PRIMARY KEY, store INTEGER NOT NULL, point BLOB NOT NULL,
            device INTEGER NOT NULL, inode INTEGER NOT NULL, file_system INTEGER NOT NULL, type INTEGER NOT NULL,
            same_as INTEGER
        ) STRICT
        """,
        """
        CREATE TABLE absences (
            change INTEGER PRIMARY KEY,
            store INTEGER NOT NULL, path BLOB NOT NULL, kind INTEGER NOT NULL, reason TEXT NOT NULL,
            mount INTEGER NOT NULL, files INTEGER NOT NULL, since INTEGER NOT NULL, allowed INTEGER,
            scan INTEGER NOT NULL,
            UNIQUE (store, path, mount)
        ) STRICT
        """,
        "CREATE TABLE passed (version INTEGER PRIMARY KEY) STRICT",
    ]

    /// Makes the tables in an empty file, inside the caller's transaction.
    static func create(_ connection: Connection, digestKey: [UInt8]) throws(SQLiteError) {
        for statement in statements { try connection.execute(statement) }
        let insert = try connection.prepare("INSERT INTO log_head VALUES (1, 0, 0, ?)")
        try insert.bind(1, digestKey)
        try insert.run()
        try connection.execute("PRAGMA user_version = \(version)")
    }

    /// Brings the tables of an older version up to date, inside the caller's transaction.
    static func upgrade(_ connection: Connection, from version: Int64) throws(SQLiteError) {
        guard version < Self.version else { return }
        if version < 2 { try connection.execute("ALTER TABLE operations ADD COLUMN response TEXT") }
        try connection.execute("ALTER TABLE operations ADD COLUMN damaged INTEGER NOT NULL DEFAULT 0")
        try connection.execute("ALTER TABLE stores DROP COLUMN deletions_held")
        try connection.execute("ALTER TABLE files ADD COLUMN mount INTEGER NOT NULL DEFAULT 0")
        for statement in absenceStatements { try connection.execute(statement) }
        // The reader goes on behind damage by now: the next scan looks at what it could not read.
        try connection.execute(
            """
            UPDATE files SET examined = 0 WHERE (store, path) IN (SELECT store, path FROM failures WHERE state IN (2, 3))
            """
        )
        try connection.execute("PRAGMA user_version = \(Self.version)")
    }

    /// Numbers after the present head belong to a new epoch; what was given out, 0 included, keeps its own.
    static func beginEpoch(_ connection: Connection, _ epoch: [UInt8]) throws(SQLiteError) {
        for sql in [
            "INSERT OR IGNORE INTO epochs VALUES (0, ?)",
            "INSERT OR REPLACE INTO epochs SELECT head + 1, ? FROM log_head",
        ] {
            let insert = try connection.prepare(sql)
            try insert.bind(1, epoch)
            try insert.run()
        }
    }
}
