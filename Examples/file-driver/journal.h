#ifndef JOURNAL_H
#define JOURNAL_H
// The file: a head, then one record for each call of `apply`, in the order in which they committed.
// Numbers are in the byte order of the machine.

#include "memory.h"

/// What the file begins with. It is written once, under another name, and never changed.
typedef struct file_head {
  char magic[8];
  uint32_t byte_order, format;
  char version[32]; // of the host that made the file
  uint64_t sum;     // of all above
} file_head;

/// What a record begins with. Writes follow it.
typedef struct record_head {
  uint64_t size;     // bytes that follow
  uint64_t sum;      // of them
  uint64_t position; // table.last_position before the record, so that positions stay what they are
  uint64_t count;    // writes that follow
  uint64_t head_sum; // of all above
} record_head;

/// A sum that any torn or damaged record fails, as far as chance allows.
uint64_t sum_of(const void *data, size_t size);
bool is_head_whole(const record_head *head);

// record.c: writes as bytes.

/// A record in secure memory, since it holds keys.
typedef struct record {
  uint8_t *bytes; // head and writes
  size_t size;
} record;

/// Bytes that a write takes in a record.
size_t size_of_write(const kms_write *write);
/// Makes a record of the items whose `out` is KMS_OK; of all when `out` is NULL. KMS_EXHAUSTED when
/// there is no memory, else the caller's to free.
kms_status record_make(record *record, uint64_t position, const kms_write *items, size_t count,
                       const kms_written *out);
void record_free(record *record);
/// Does again what a record says. KMS_CORRUPT when it cannot be done.
/// \param bytes  What follows the head.
kms_status record_replay(const record_head *head, uint8_t *bytes, table *table);

// journal.c

extern const keeper journal_keeper;

#endif
