// The bare client of rows.h over libpq: binary parameters, no pipeline.
#include "rows.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct client {
  PGconn *connection;
  PGresult *object, *terms;
};

static PGresult *checked(client *client, PGresult *result) {
  ExecStatusType status = PQresultStatus(result);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    fail("PostgreSQL", PQerrorMessage(client->connection));
  return result;
}

static void prepare(client *client, const char *name, const char *text) {
  PQclear(checked(client, PQprepare(client->connection, name, text, 0, NULL)));
}

/// Executes a prepared statement with a row of a result as its parameters, after those given.
static PGresult *execute(client *client, const char *name, int given, const char *const *values,
                         const int *lengths, const PGresult *result, int row) {
  const char *all[16];
  int sizes[16], formats[16], count = given;
  for (int i = 0; i < given; i++) all[i] = values[i], sizes[i] = lengths[i], formats[i] = 1;
  for (int column = 0; result != NULL && column < PQnfields(result); column++, count++) {
    all[count] = PQgetisnull(result, row, column) ? NULL : PQgetvalue(result, row, column);
    sizes[count] = PQgetlength(result, row, column);
    formats[count] = 1;
  }
  return checked(client, PQexecPrepared(client->connection, name, count, all, sizes, formats, 1));
}

static PGresult *read_all(client *client, const char *text) {
  return checked(client, PQexecParams(client->connection, text, 0, NULL, NULL, NULL, NULL, 1));
}

client *client_open(const char *url) {
  client *made = calloc(1, sizeof *made);
  if (made == NULL) fail("PostgreSQL", "no memory");
  made->connection = PQconnectdb(url);
  if (PQstatus(made->connection) != CONNECTION_OK)
    fail("PostgreSQL", PQerrorMessage(made->connection));
  made->object = read_all(made, "SELECT owner, otype, state, rev, head, osum, asum, tsum, tags, attrs, object "
                                "FROM objects ORDER BY oid LIMIT 1");
  made->terms = read_all(made, "SELECT term, owner, number FROM terms "
                               "WHERE oid = (SELECT min(oid) FROM objects)");
  if (PQntuples(made->object) != 1) fail("PostgreSQL", "the database holds no object to copy");
  prepare(made, "begin", "BEGIN");
  prepare(made, "commit", "COMMIT");
  prepare(made, "object", "INSERT INTO objects(uid, owner, otype, state, rev, head, osum, asum, tsum, tags, attrs, "
                          "object) VALUES($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12) RETURNING oid");
  prepare(made, "term", "INSERT INTO terms(oid, term, owner, number) VALUES($1,$2,$3,$4)");
  prepare(made, "change", "INSERT INTO changes(uid) VALUES($1)");
  prepare(made, "get", "SELECT owner, state, rev, osum, tags, attrs, object FROM objects WHERE uid = $1");
  return made;
}

void client_create(client *client, const char *uid) {
  const int length = (int)strlen(uid);
  PQclear(execute(client, "begin", 0, NULL, NULL, NULL, 0));
  PGresult *oid = execute(client, "object", 1, &uid, &length, client->object, 0);
  const char *row = PQgetvalue(oid, 0, 0);
  const int size = PQgetlength(oid, 0, 0);
  for (int term = 0; term < PQntuples(client->terms); term++)
    PQclear(execute(client, "term", 1, &row, &size, client->terms, term));
  PQclear(oid);
  PQclear(execute(client, "change", 1, &uid, &length, NULL, 0));
  PQclear(execute(client, "commit", 0, NULL, NULL, NULL, 0));
}

void client_get(client *client) {
  static const char uid[] = "template";
  const char *value = uid;
  const int length = sizeof uid - 1;
  PGresult *found = execute(client, "get", 1, &value, &length, NULL, 0);
  if (PQntuples(found) != 1) fail("PostgreSQL", "the object is not there");
  PQclear(found);
}

void client_close(client *client) {
  PQclear(client->object);
  PQclear(client->terms);
  PQfinish(client->connection);
  free(client);
}
