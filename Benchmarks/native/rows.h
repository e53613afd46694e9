// A client that does to a database what one KMIP operation makes the server do to it, and nothing else:
// prepared statements, one at a time, on a connection of its own.
//
// The database holds one object that a server made, with the identifier `template`. `create` writes its
// rows again under a new identifier, in one transaction; `get` selects it.
#ifndef ROWS_H
#define ROWS_H

typedef struct client client;

/// A connection with its statements prepared, or the end of the process with the reason.
client *client_open(const char *url);
/// Writes the rows of one Create. `uid` is new, and at most 36 characters long.
void client_create(client *client, const char *uid);
/// Reads one object.
void client_get(client *client);
void client_close(client *client);

/// Prints the reason and ends the process.
_Noreturn void fail(const char *what, const char *reason);

#endif
