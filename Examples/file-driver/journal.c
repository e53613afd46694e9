// The file, and the promise: what `apply` acknowledged is in it, whole, whatever ends the process.
//
// A call is one record, appended and synced before it is answered. A record that a crash cut short
// is the last one, and its sums tell: it was never acknowledged and is written over. Everything else
// (making the file, a new version, clearing, leaving out what is past) writes a whole new file and
// renames it over the old one.

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "journal.h"

#define FILE_NAME "kms.journal"
#define NEW_NAME "kms.journal.new"

static const char magic[8] = "kmsfile";
enum { BYTE_ORDER_MARK = 0x01020304, FORMAT = 1 };

/// What may be of the past before the file is looked through for it.
static const uint64_t tidy_step = 1 << 20;

typedef struct journal {
  int folder;       // locked: one process at a time
  int file;         // -1: there is none yet
  uint64_t end;     // of the last whole record
  uint64_t size;    // of the file; what lies between is a torn record
  uint64_t tidy_at; // the size at which it is worth a look
} journal;

/// Says what went wrong, with the error of the system.
static kms_status fail_system(kms_error *error, const char *what) {
  const int code = errno;
  char reason[80] = "", message[160];
  (void)strerror_r(code, reason, sizeof reason);
  snprintf(message, sizeof message, "cannot %s: %s", what, reason);
  error->native_code = code;
  const bool is_full = code == ENOSPC || code == EDQUOT;
  return fail(error, is_full ? KMS_EXHAUSTED : KMS_UNAVAILABLE, message);
}

static bool read_all(int file, void *to, size_t size, uint64_t from) {
  for (size_t done = 0; done < size;) {
    const ssize_t count = pread(file, (char *)to + done, size - done, (off_t)(from + done));
    if (count < 0 && errno == EINTR) continue;
    if (count == 0) errno = EIO; // shorter than it was a moment ago
    if (count <= 0) return false;
    done += (size_t)count;
  }
  return true;
}

static bool write_all(int file, const void *bytes, size_t size, uint64_t to) {
  for (size_t done = 0; done < size;) {
    const ssize_t count =
        pwrite(file, (const char *)bytes + done, size - done, (off_t)(to + done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    done += (size_t)count;
  }
  return true;
}

// Reading.

static kms_status fail_damaged(kms_error *error, uint64_t at) {
  char message[80];
  snprintf(message, sizeof message, FILE_NAME " is damaged at byte %llu",
           (unsigned long long)at);
  return fail(error, KMS_CORRUPT, message);
}

/// Tells whether the rest of the file is zeros, as a power failure may leave it.
static bool is_blank(const journal *journal) {
  uint8_t block[4096];
  for (uint64_t at = journal->end; at < journal->size;) {
    const uint64_t left = journal->size - at;
    const size_t size = left < sizeof block ? (size_t)left : sizeof block;
    if (!read_all(journal->file, block, size, at)) return false;
    for (size_t i = 0; i < size; i++)
      if (block[i] != 0) return false;
    at += size;
  }
  return true;
}

/// Reads the record at `end` and does it again. \param is_last  Whether none was there.
static kms_status replay_next(journal *journal, store *store, bool *is_last, kms_error *error) {
  record_head head;
  const uint64_t left = journal->size - journal->end;
  *is_last = left < sizeof head;
  if (*is_last) return KMS_OK;
  if (!read_all(journal->file, &head, sizeof head, journal->end))
    return fail_system(error, "read " FILE_NAME);
  if (!is_head_whole(&head)) {
    *is_last = is_blank(journal);
    return *is_last ? KMS_OK : fail_damaged(error, journal->end);
  }
  *is_last = head.size > left - sizeof head;
  if (*is_last) return KMS_OK;

  const size_t size = (size_t)head.size;
  uint8_t *bytes = host.secure_alloc(host.context, size + 1); // + 1: also for nothing something
  if (bytes == NULL) return refuse(error, KMS_EXHAUSTED);
  kms_status status = KMS_OK;
  if (!read_all(journal->file, bytes, size, journal->end + sizeof head)) {
    status = fail_system(error, "read " FILE_NAME);
  } else if (sum_of(bytes, size) != head.sum) {
    *is_last = head.size == left - sizeof head;
    if (!*is_last) status = fail_damaged(error, journal->end);
  } else {
    status = record_replay(&head, bytes, &store->table);
    if (status == KMS_CORRUPT) fail_damaged(error, journal->end);
    if (status == KMS_EXHAUSTED) fail(error, status, "more objects than there is room for");
    journal->end += sizeof head + size;
  }
  host.secure_free(host.context, bytes, size + 1);
  return status;
}

static kms_status load(journal *journal, store *store, kms_error *error) {
  struct stat found;
  if (fstat(journal->file, &found) != 0) return fail_system(error, "look at " FILE_NAME);
  journal->size = (uint64_t)found.st_size;
  file_head head = {0};
  const size_t size = journal->size < sizeof head ? (size_t)journal->size : sizeof head;
  if (!read_all(journal->file, &head, size, 0)) return fail_system(error, "read " FILE_NAME);
  if (memcmp(head.magic, magic, sizeof magic) != 0 || head.byte_order != BYTE_ORDER_MARK) {
    store->state = KMS_SCHEMA_FOREIGN;
    return KMS_OK;
  }
  snprintf(store->schema, sizeof store->schema, "%u", head.format);
  if (head.format > FORMAT) {
    store->state = KMS_SCHEMA_AHEAD;
    return KMS_OK;
  }
  if (head.sum != sum_of(&head, offsetof(file_head, sum))) return fail_damaged(error, 0);
  snprintf(store->version, sizeof store->version, "%s", head.version);
  store->state = KMS_SCHEMA_READY;

  journal->end = sizeof head;
  for (bool is_last = false; !is_last;) {
    const kms_status status = replay_next(journal, store, &is_last, error);
    if (status != KMS_OK) return status;
    table_commit(&store->table, &store->feed);
  }
  store->kept_bytes = journal->end;
  return KMS_OK;
}

// Writing.

/// Appends a record to a file that is not in use yet. \param end  Where; moved behind it.
static kms_status add_record(int file, uint64_t *end, uint64_t position, const kms_write *write,
                             kms_error *error) {
  record record;
  kms_status status = record_make(&record, position, write, write == NULL ? 0 : 1, NULL);
  if (status != KMS_OK) return refuse(error, status);
  if (!write_all(file, record.bytes, record.size, *end))
    status = fail_system(error, "write " NEW_NAME);
  *end += record.size;
  record_free(&record);
  return status;
}

static kms_write write_of(const table *table, const row *row, const rows *in) {
  if (in == &table->objects)
    return (kms_write){.op = KMS_WRITE_CREATE, .object = ((const object_row *)row)->object};
  const grant_row *grant = (const grant_row *)row;
  return (kms_write){
    .op = KMS_WRITE_GRANT, .object.uid = row->uid, .user = grant->user, .rights = grant->rights,
  };
}

static kms_status write_rows(int file, uint64_t *end, const table *table, const rows *rows,
                             kms_error *error) {
  kms_status status = KMS_OK;
  for (const row *row = rows->oldest; status == KMS_OK && row != NULL; row = row->newer) {
    const kms_write write = write_of(table, row, rows);
    status = add_record(file, end, row->position - 1, &write, error);
  }
  return status;
}

static kms_status write_file(int file, uint64_t *end, const char *version, const table *table,
                             bool with_rows, kms_error *error) {
  file_head head = {.byte_order = BYTE_ORDER_MARK, .format = FORMAT};
  memcpy(head.magic, magic, sizeof magic);
  snprintf(head.version, sizeof head.version, "%s", version);
  head.sum = sum_of(&head, offsetof(file_head, sum));
  *end = sizeof head;
  if (!write_all(file, &head, sizeof head, 0)) return fail_system(error, "write " NEW_NAME);

  kms_status status = KMS_OK;
  if (with_rows) status = write_rows(file, end, table, &table->objects, error);
  if (with_rows && status == KMS_OK)
    status = write_rows(file, end, table, &table->grants, error);
  // Writes nothing, and says which position comes next.
  if (status == KMS_OK) status = add_record(file, end, table->last_position, NULL, error);
  if (status == KMS_OK && fdatasync(file) != 0) status = fail_system(error, "sync " NEW_NAME);
  return status;
}

/// Puts a new file with what is in the table in the place of the old one.
static kms_status rewrite(store *store, const char *version, bool with_rows, kms_error *error) {
  journal *journal = store->kept;
  const int flags = O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW;
  const int file = openat(journal->folder, NEW_NAME, flags, 0600);
  if (file < 0) return fail_system(error, "make " NEW_NAME);
  uint64_t end;
  kms_status status = write_file(file, &end, version, &store->table, with_rows, error);
  if (status == KMS_OK && renameat(journal->folder, NEW_NAME, journal->folder, FILE_NAME) != 0)
    status = fail_system(error, "rename " NEW_NAME);
  if (status != KMS_OK) {
    close(file);
    unlinkat(journal->folder, NEW_NAME, 0);
    return status;
  }
  if (journal->file >= 0) close(journal->file);
  journal->file = file;
  journal->end = journal->size = store->kept_bytes = end;
  if (fsync(journal->folder) == 0) return KMS_OK;
  store->is_broken = true; // who knows which of the two a power failure leaves
  error->flags |= KMS_ERROR_IN_DOUBT;
  return fail_system(error, "sync the folder");
}

/// Leaves out what is past, when that is most of the file. Failing is no harm: it is tried again.
static void tidy(store *store) {
  journal *journal = store->kept;
  if (journal->end < journal->tidy_at) return;
  const rows *all[] = {&store->table.objects, &store->table.grants};
  uint64_t needed = 0;
  for (size_t i = 0; i < 2; i++) {
    for (const row *row = all[i]->oldest; row != NULL; row = row->newer) {
      const kms_write write = write_of(&store->table, row, all[i]);
      needed += sizeof(record_head) + size_of_write(&write);
    }
  }
  kms_error error = {.struct_size = sizeof error};
  if (journal->end > 2 * needed + tidy_step) rewrite(store, store->version, true, &error);
  journal->tidy_at = (journal->end > 2 * needed ? journal->end : 2 * needed) + tidy_step;
}

/// Appends a record durably, or leaves the file as it was.
static kms_status append(store *store, const record *record, kms_error *error) {
  journal *journal = store->kept;
  const bool is_torn = journal->size != journal->end;
  if (is_torn && ftruncate(journal->file, (off_t)journal->end) != 0)
    return fail_system(error, "cut " FILE_NAME);
  journal->size = journal->end;
  const uint64_t end = journal->end + record->size;
  if (write_all(journal->file, record->bytes, record->size, journal->end) &&
      fdatasync(journal->file) == 0) {
    journal->end = journal->size = store->kept_bytes = end;
    return KMS_OK;
  }
  const kms_status status = fail_system(error, "write " FILE_NAME);
  if (ftruncate(journal->file, (off_t)journal->end) == 0 && fdatasync(journal->file) == 0) {
    error->flags |= KMS_ERROR_RETRYABLE;
  } else {
    store->is_broken = true;
    error->flags |= KMS_ERROR_IN_DOUBT;
  }
  return status;
}

// The keeper.

static void journal_close(store *store) {
  journal *journal = store->kept;
  if (journal->file >= 0) close(journal->file);
  close(journal->folder); // and gives the lock back
  free(journal);
}

static kms_status open_files(store *store, bool may_create, kms_error *error) {
  journal *journal = store->kept;
  if (may_create && mkdir(store->name, 0700) != 0 && errno != EEXIST)
    return fail_system(error, "make the folder");
  journal->folder = open(store->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (journal->folder < 0) return fail_system(error, "open the folder");
  if (flock(journal->folder, LOCK_EX | LOCK_NB) != 0)
    return fail_system(error, "lock the folder: another server has it open");
  if (may_create) unlinkat(journal->folder, NEW_NAME, 0); // a crash may have left one, with keys
  journal->file = openat(journal->folder, FILE_NAME, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (journal->file >= 0) return load(journal, store, error);
  return errno == ENOENT ? KMS_OK : fail_system(error, "open " FILE_NAME);
}

static kms_status journal_open(store *store, bool may_create, kms_error *error) {
  if (store->name == NULL) return fail(error, KMS_INVALID, "file-path names no folder");
  journal *journal = malloc(sizeof *journal);
  if (journal == NULL) return refuse(error, KMS_EXHAUSTED);
  *journal = (struct journal){.folder = -1, .file = -1};
  store->kept = journal;
  const kms_status status = open_files(store, may_create, error);
  if (status != KMS_OK) journal_close(store);
  return status;
}

static kms_status journal_health(store *store, kms_error *error) {
  const journal *journal = store->kept;
  const int any = journal->file < 0 ? journal->folder : journal->file;
  return fdatasync(any) == 0 ? KMS_OK : fail_system(error, "sync " FILE_NAME);
}

static kms_status journal_migrate(store *store, const char *version, kms_error *error) {
  return rewrite(store, version, true, error);
}

static kms_status journal_apply(store *store, const kms_write *items, size_t count,
                                const kms_written *out, kms_error *error) {
  record record;
  kms_status status =
      record_make(&record, store->table.committed_position, items, count, out);
  if (status != KMS_OK) return refuse(error, status);
  status = append(store, &record, error);
  record_free(&record);
  if (status == KMS_OK) tidy(store);
  return status;
}

static kms_status journal_clear(store *store, kms_error *error) {
  return rewrite(store, store->version, false, error);
}

const keeper journal_keeper = {
  .open = journal_open,
  .close = journal_close,
  .health = journal_health,
  .migrate = journal_migrate,
  .apply = journal_apply,
  .clear = journal_clear,
};
