#ifndef MEMORY_READ_H
#define MEMORY_READ_H
// What get, query and grants share.

#include "memory.h"

/// Takes the lock to read, when it may: KMS_WOULD_BLOCK, KMS_UPGRADING, KMS_CANCELLED and
/// KMS_DEADLINE leave it alone.
kms_status begin_read(kms_database *database, const kms_call *call);
/// Gives the lock back. Returns `status`, and says in `error` why when it is a failure.
kms_status end_read(kms_database *database, kms_status status, kms_error *error);

/// Tells whether so many rows are more than the caller's thread has time for.
bool is_too_long(const kms_call *call, size_t steps);

enum { POLL_ROWS = 1024 }; // between two looks at the clock on a walk

/// What was found for one item of a result.
typedef struct found {
  const object_row *row; // NULL: no object
  kms_text uid;
  uint64_t rights;
  uint32_t parts, flags;
} found;

/// Copies what was found, so that the lock can go. Sets `items`, `count`, `cursor` and `owner`.
kms_status make_objects(const kms_call *call, const found *found, size_t count,
                        kms_bytes cursor, kms_objects *out);

/// A cursor is an order, one letter, and the position of the last row in it.
enum { CURSOR_SIZE = 9 };
void write_cursor(uint8_t cursor[CURSOR_SIZE], char order, uint64_t position);
/// False when it is not a cursor in this order. Clients may see cursors, and may forge them: one
/// that names another position just begins there.
bool read_cursor(kms_bytes cursor, char order, uint64_t *position);

#endif
