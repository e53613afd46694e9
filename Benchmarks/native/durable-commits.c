// Single-row durable commits: `durable-commits FOLDER SECONDS` prints commits per second.
//
// What SQLite gives a loop that does nothing else: WAL, synchronous=FULL, one row of 600 bytes and
// one transaction for each commit, a prepared statement. Links libsqlite3.
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { row_size = 600 };

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void require(int is_true, sqlite3 *database, const char *what) {
  if (is_true) return;
  fprintf(stderr, "durable-commits: %s: %s\n", what, sqlite3_errmsg(database));
  exit(1);
}

int main(int count, char **arguments) {
  if (count != 3) {
    fprintf(stderr, "usage: durable-commits FOLDER SECONDS\n");
    return 2;
  }
  char path[4096];
  snprintf(path, sizeof path, "%s/durable-commits-%d.db", arguments[1], (int)getpid());
  double seconds = atof(arguments[2]);

  sqlite3 *database = NULL;
  require(sqlite3_open(path, &database) == SQLITE_OK, database, path);
  const char *setup = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                      "CREATE TABLE objects(uid TEXT PRIMARY KEY, object BLOB) WITHOUT ROWID;";
  require(sqlite3_exec(database, setup, NULL, NULL, NULL) == SQLITE_OK, database, "setup");
  sqlite3_stmt *insert = NULL;
  const char *text = "INSERT INTO objects VALUES(?, ?)";
  require(sqlite3_prepare_v2(database, text, -1, &insert, NULL) == SQLITE_OK, database, text);

  unsigned char row[row_size];
  memset(row, 0xA5, sizeof row);
  long commits = 0;
  double started = now(), elapsed = 0;
  while ((elapsed = now() - started) < seconds) {
    // Random like the server's own identifiers, so that the tree grows everywhere.
    char uid[37];
    snprintf(uid, sizeof uid, "%08x-0000-4000-8000-%012x", (unsigned)random(), (unsigned)commits);
    sqlite3_bind_text(insert, 1, uid, -1, SQLITE_TRANSIENT);
    sqlite3_bind_blob(insert, 2, row, sizeof row, SQLITE_STATIC);
    require(sqlite3_step(insert) == SQLITE_DONE, database, "insert");
    require(sqlite3_reset(insert) == SQLITE_OK, database, "reset");
    commits++;
  }
  printf("%.1f\n", (double)commits / elapsed);

  sqlite3_finalize(insert);
  sqlite3_close(database);
  const char *suffixes[] = {"", "-wal", "-shm"};
  for (int i = 0; i < 3; i++) {
    char file[4104];
    snprintf(file, sizeof file, "%s%s", path, suffixes[i]);
    unlink(file);
  }
  return 0;
}
