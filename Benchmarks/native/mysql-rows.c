// The bare client of rows.h over libmariadb: prepared statements in the binary protocol.
#include "rows.h"

#include <mysql.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { columns_max = 12, terms_max = 64 };

typedef struct {
  MYSQL_BIND values[columns_max]; // what they point to lives as long as the client
  unsigned count;
} row;

struct client {
  MYSQL *connection;
  MYSQL_STMT *begin, *commit, *object, *term, *change, *get;
  row template, terms[terms_max];
  unsigned term_count;
};

static MYSQL_STMT *prepare(client *client, const char *text) {
  MYSQL_STMT *made = mysql_stmt_init(client->connection);
  if (made == NULL || mysql_stmt_prepare(made, text, strlen(text)) != 0)
    fail(text, mysql_error(client->connection));
  return made;
}

static void execute(MYSQL_STMT *statement, MYSQL_BIND *values) {
  if ((values != NULL && mysql_stmt_bind_param(statement, values)) || mysql_stmt_execute(statement) != 0)
    fail("MariaDB", mysql_stmt_error(statement));
}

/// As bytes: the server converts them to what the column is.
static MYSQL_BIND bytes(const void *value, unsigned long length) {
  return (MYSQL_BIND){.buffer_type = value == NULL ? MYSQL_TYPE_NULL : MYSQL_TYPE_BLOB,
                      .buffer = (void *)value, .buffer_length = length};
}

/// Keeps the rows of a query; their number.
static unsigned keep(client *client, const char *text, row *rows, unsigned most) {
  if (mysql_query(client->connection, text) != 0) fail(text, mysql_error(client->connection));
  MYSQL_RES *result = mysql_store_result(client->connection);
  if (result == NULL) fail(text, mysql_error(client->connection));
  unsigned count = 0;
  for (MYSQL_ROW found; count < most && (found = mysql_fetch_row(result)) != NULL; count++) {
    rows[count].count = mysql_num_fields(result);
    const unsigned long *lengths = mysql_fetch_lengths(result);
    for (unsigned i = 0; i < rows[count].count; i++) {
      char *copy = found[i] == NULL ? NULL : malloc(lengths[i] + 1);
      if (copy != NULL) memcpy(copy, found[i], lengths[i]);
      rows[count].values[i] = bytes(copy, lengths[i]);
    }
  }
  mysql_free_result(result);
  return count;
}

client *client_open(const char *url) {
  char user[64], password[64], host[64], database[64];
  unsigned port;
  if (sscanf(url, "mysql://%63[^:]:%63[^@]@%63[^:]:%u/%63s", user, password, host, &port, database) != 5)
    fail("MariaDB", "the URL is not mysql://user:password@host:port/database");
  client *made = calloc(1, sizeof *made);
  if (made == NULL || (made->connection = mysql_init(NULL)) == NULL) fail("MariaDB", "no memory");
  if (mysql_real_connect(made->connection, host, user, password, database, port, NULL, 0) == NULL)
    fail("MariaDB", mysql_error(made->connection));
  if (keep(made, "SELECT owner, otype, state, rev, head, osum, asum, tsum, tags, attrs, object FROM objects "
                 "WHERE uid = 'template'", &made->template, 1) != 1)
    fail("MariaDB", "the database holds no object to copy");
  made->term_count = keep(made, "SELECT term, owner, number FROM terms WHERE oid = "
                                "(SELECT oid FROM objects WHERE uid = 'template')", made->terms, terms_max);
  made->begin = prepare(made, "START TRANSACTION");
  made->commit = prepare(made, "COMMIT");
  made->object = prepare(made, "INSERT INTO objects(owner, otype, state, rev, head, osum, asum, tsum, tags, attrs, "
                               "object, uid) VALUES(?,?,?,?,?,?,?,?,?,?,?,?)");
  made->term = prepare(made, "INSERT INTO terms(term, owner, number, oid) VALUES(?,?,?,?)");
  made->change = prepare(made, "INSERT INTO changes(uid) VALUES(?)");
  made->get = prepare(made, "SELECT owner, state, rev, osum, tags, attrs, object FROM objects WHERE uid = 'template'");
  return made;
}

void client_create(client *client, const char *uid) {
  MYSQL_BIND name = bytes(uid, strlen(uid));
  execute(client->begin, NULL);
  client->template.values[client->template.count] = name;
  execute(client->object, client->template.values);
  unsigned long long oid = mysql_stmt_insert_id(client->object);
  for (unsigned i = 0; i < client->term_count; i++) {
    row *term = &client->terms[i];
    term->values[term->count] =
        (MYSQL_BIND){.buffer_type = MYSQL_TYPE_LONGLONG, .buffer = &oid, .is_unsigned = 1};
    execute(client->term, term->values);
  }
  execute(client->change, &name);
  execute(client->commit, NULL);
}

void client_get(client *client) {
  execute(client->get, NULL);
  if (mysql_stmt_store_result(client->get) != 0 || mysql_stmt_num_rows(client->get) != 1)
    fail("MariaDB", "the object is not there");
  mysql_stmt_free_result(client->get);
}

void client_close(client *client) {
  MYSQL_STMT *statements[] = {client->begin, client->commit, client->object,
                              client->term, client->change, client->get};
  for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) mysql_stmt_close(statements[i]);
  mysql_close(client->connection);
  free(client);
}
