/*
 * The floor: the least that any program does to turn DICOM files into rows. One thread opens each file, reads up to 64 KiB of
 * it with one pread, walks the elements of the top level as explicit VR little endian, and, if asked, inserts their raw
 * values with one prepared statement into a table without indexes. It checks nothing, converts nothing, looks nothing up.
 *
 *   floor DATABASE|- [PASSES] < list of files, one a line
 *
 * Prints one line per pass: files per second.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PREFIX = 65536, MOST_ELEMENTS = 512, MOST_COLUMNS = 250, ROWS_PER_COMMIT = 500, LONGEST_VALUE = 200 };

struct element {
    const uint8_t *value;
    uint32_t length;
};

static uint8_t buffer[PREFIX];
static struct element elements[MOST_ELEMENTS];

static void fail(const char *what) {
    fprintf(stderr, "floor: %s\n", what);
    exit(1);
}

/* Four letters of a VR as the number that a little endian machine reads. */
#define VR(a, b) ((uint16_t)((a) | (b) << 8))

static int has_long_length(uint16_t vr) {
    switch (vr) {
    case VR('O', 'B'): case VR('O', 'D'): case VR('O', 'F'): case VR('O', 'L'): case VR('O', 'V'): case VR('O', 'W'):
    case VR('S', 'Q'): case VR('S', 'V'): case VR('U', 'C'): case VR('U', 'N'): case VR('U', 'R'): case VR('U', 'T'):
    case VR('U', 'V'):
        return 1;
    default:
        return 0;
    }
}

static int walk(const uint8_t *bytes, size_t count) {
    size_t at = 132;
    int found = 0;
    while (at + 12 <= count && found < MOST_ELEMENTS) {
        uint16_t group, vr, short_length;
        uint32_t length;
        size_t header = 8;
        memcpy(&group, bytes + at, 2);
        memcpy(&vr, bytes + at + 4, 2);
        if (group >= 0x7FE0)
            break;
        if (has_long_length(vr)) {
            memcpy(&length, bytes + at + 8, 4);
            header = 12;
        } else {
            memcpy(&short_length, bytes + at + 6, 2);
            length = short_length;
        }
        if (length == UINT32_MAX) {
            /* Good enough for files of our own making: the first sequence delimiter ends it. */
            const uint8_t *end = memmem(bytes + at + header, count - at - header, "\xFE\xFF\xDD\xE0", 4);
            if (end == NULL)
                break;
            at = (size_t)(end - bytes) + 8;
            continue;
        }
        elements[found].value = bytes + at + header;
        elements[found].length = length;
        found++;
        at += header + length;
    }
    return found;
}

static void run(sqlite3 *database, const char *sql) {
    if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail(sqlite3_errmsg(database));
}

static sqlite3_stmt *make_table(sqlite3 *database, int columns) {
    char create[8192] = "CREATE TABLE floor(", insert[8192] = "INSERT INTO floor VALUES(";
    for (int i = 0; i < columns; i++) {
        sprintf(create + strlen(create), "%sc%d", i ? "," : "", i);
        strcat(insert, i ? ",?" : "?");
    }
    strcat(create, ")");
    strcat(insert, ")");
    run(database, create);
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(database, insert, -1, &statement, NULL) != SQLITE_OK)
        fail(sqlite3_errmsg(database));
    return statement;
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double pass(char **paths, size_t count, const char *path_of_database) {
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    int columns = 0;
    double start = seconds();
    if (path_of_database != NULL) {
        unlink(path_of_database);
        if (sqlite3_open(path_of_database, &database) != SQLITE_OK)
            fail("cannot open the database");
        run(database, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; BEGIN");
    }
    for (size_t i = 0; i < count; i++) {
        int file = open(paths[i], O_RDONLY | O_CLOEXEC);
        struct stat status;
        if (file < 0 || fstat(file, &status) != 0)
            fail(paths[i]);
        ssize_t got = pread(file, buffer, sizeof buffer, 0);
        close(file);
        int found = walk(buffer, got < 0 ? 0 : (size_t)got);
        if (database == NULL)
            continue;
        if (statement == NULL) {
            columns = found < MOST_COLUMNS ? found : MOST_COLUMNS;
            statement = make_table(database, columns);
        }
        for (int c = 0; c < columns; c++) {
            if (c < found) {
                uint32_t length = elements[c].length < LONGEST_VALUE ? elements[c].length : LONGEST_VALUE;
                sqlite3_bind_text(statement, c + 1, (const char *)elements[c].value, (int)length, SQLITE_STATIC);
            } else
                sqlite3_bind_null(statement, c + 1);
        }
        if (sqlite3_step(statement) != SQLITE_DONE)
            fail(sqlite3_errmsg(database));
        sqlite3_reset(statement);
        if ((i + 1) % ROWS_PER_COMMIT == 0)
            run(database, "COMMIT; BEGIN");
    }
    if (database != NULL) {
        run(database, "COMMIT");
        sqlite3_finalize(statement);
        sqlite3_close(database);
    }
    return (double)count / (seconds() - start);
}

int main(int count, char **arguments) {
    if (count < 2)
        fail("usage: floor DATABASE|- [PASSES] < files");
    size_t files = 0, room = 0;
    char **paths = NULL, *line = NULL;
    size_t size = 0;
    for (ssize_t length; (length = getline(&line, &size, stdin)) > 0;) {
        if (line[length - 1] == '\n')
            line[length - 1] = 0;
        if (files == room) {
            room = room ? room * 2 : 1024;
            paths = realloc(paths, room * sizeof *paths);
        }
        if (paths == NULL || (paths[files++] = strdup(line)) == NULL)
            fail("out of memory");
    }
    const char *database = strcmp(arguments[1], "-") == 0 ? NULL : arguments[1];
    for (int passes = count > 2 ? atoi(arguments[2]) : 1; passes > 0; passes--) {
        printf("%.0f\n", pass(paths, files, database));
        fflush(stdout);
    }
    return 0;
}
