#ifndef MEMORY_H
#define MEMORY_H
// What the files of the driver share. Read them in this order: memory.c (who we are), plugin.c (what
// the host sees of us), database.c and store.c (a database as a whole), write.c, read.c, query.c,
// grants.c and feed.c (the data functions), table.c (the rows), filter.c, index.c, pack.h.
//
// All but memory.c serves any driver that keeps its rows in memory: ../file-driver is such a one.

#include <pthread.h>
#include <string.h>
#include <kms/database.h>

// memory.c: all that is particular to one driver.

/// Who we are, and the layout of what we keep.
extern const kms_plugin_info info;
extern const char schema[];

/// `open` of the contract: reads the settings and ends with `open_store`.
kms_status driver_open(const kms_database_open *given, const kms_call *call, kms_database **out,
                       kms_error *error);

// plugin.c: the host and its calls.

/// Our copy of what `init` was given: members that the host does not have are NULL.
extern kms_host host;

/// Fills in `error` and returns `status`.
kms_status fail(kms_error *error, kms_status status, const char *message);

/// The same with the message that goes with the status.
kms_status refuse(kms_error *error, kms_status status);

/// KMS_OK while somebody still waits for the answer, else KMS_CANCELLED or KMS_DEADLINE.
kms_status call_status(const kms_call *call);

/// NULL when nobody configured it and it has no default.
const kms_setting *find_setting(const kms_database_open *given, const char *name);

// index.c: a hash table whose links lie in what it holds, so that adding cannot fail.

typedef struct hash_link {
  struct hash_link *next;
  uint64_t hash;
} hash_link;

typedef struct hash_index {
  hash_link **buckets;
  size_t bucket_count, count;
} hash_index;

/// False when there is no memory.
bool index_init(hash_index *index);
void index_free(hash_index *index);
void index_add(hash_index *index, hash_link *link);
void index_remove(hash_index *index, hash_link *link);
/// The first link with a hash, and the next one with the same; NULL when there is none.
hash_link *index_find(const hash_index *index, uint64_t hash);
hash_link *index_next(const hash_link *link);

/// Continues `hash` over more bytes; start with the seed of the table.
uint64_t hash_bytes(uint64_t hash, const void *data, size_t size);

// table.c: rows that are never changed, only put in each other's place.

/// What objects and grants have in common.
typedef struct row {
  hash_link by_uid; // first, so that a link of the index is a row
  kms_text uid;
  uint64_t position;         // in the order of creation; a later version keeps it
  struct row *older, *newer; // neighbours in that order
} row;

typedef struct object_row object_row;

/// A unique term in the index of all unique terms.
typedef struct unique_term {
  hash_link link; // first
  const kms_term *term;
  const object_row *of;
} unique_term;

/// One block with all that its slices point to, save the secret.
struct object_row {
  row row; // first
  kms_object object; // `object.object` lies in secure memory
  unique_term *unique;
  size_t unique_count;
  uint8_t *secret; // what `object.object` points to
};

typedef struct grant_row {
  row row; // first
  kms_text user;
  uint64_t rights; // never 0
} grant_row;

typedef struct rows {
  hash_index by_uid;
  row *oldest, *newest;
} rows;

/// One step that is not committed yet.
typedef struct change {
  rows *in;
  row *before, *now; // NULL: there was no row, there is no row
} change;

typedef struct table {
  rows objects, grants;
  hash_index unique;
  uint64_t last_position;
  uint64_t committed_position; // last_position at the last commit
  uint64_t seed;   // of all hashes
  size_t capacity; // most objects, and most grants
  change *changes; // since the last commit
  size_t change_count, change_capacity;
} table;

typedef struct feed feed;

/// False when there is no memory or no randomness.
bool table_init(table *table, size_t capacity);
/// Frees all rows, leaving a table that can be used again.
void table_clear(table *table);
void table_free(table *table);

/// NULL when the uid has no object.
const object_row *table_object(const table *table, kms_text uid);
/// The grant of `user` on a uid, or with `user` NULL any; NULL when there is none.
const grant_row *table_grant(const table *table, kms_text uid, const kms_text *user);
/// All that these names were granted on a uid, together; 0: nothing.
uint64_t table_rights(const table *table, kms_text uid, kms_text_list who);

/// Takes a step. KMS_EXISTS when a unique term is taken; KMS_EXHAUSTED.
/// \param before  The row whose place the new one takes; NULL: none.
kms_status table_put_object(table *table, const object_row *before, const kms_object *object);
/// \param rights  0 takes the grant away.
kms_status table_put_grant(table *table, const grant_row *before, kms_text uid, kms_text user,
                           uint64_t rights);
kms_status table_delete_object(table *table, const object_row *before);

/// Makes all steps known and final. Cannot fail.
void table_commit(table *table, feed *feed);
/// Undoes the last steps, until `count` of them are left. Cannot fail.
void table_rollback(table *table, size_t count);

// feed.c: what `changes` tells.

enum { FEED_LENGTH = 1024 }; // changes remembered; who is further behind has lost some

/// A `changes` call that waits; lies on its stack.
typedef struct waiter {
  struct waiter *next;
  uint64_t call_id;
  bool is_cancelled;
} waiter;

struct feed {
  pthread_mutex_t mutex; // taken after store.lock, when both are; held for moments only
  pthread_cond_t changed;
  waiter *waiters;
  uint64_t origin; // random: tells tokens of this feed from those of others
  uint64_t first;  // number of the oldest change remembered
  uint64_t next;   // number of the change to come
  struct { uint8_t size; char uid[KMS_MAX_UID]; } changes[FEED_LENGTH]; // by number % FEED_LENGTH
};

bool feed_init(feed *feed);
void feed_free(feed *feed);
/// Between these two, any number of `feed_add`.
void feed_begin(feed *feed);
void feed_end(feed *feed);
void feed_add(feed *feed, kms_text uid);
/// Everything may have changed: all tokens given so far are lost.
void feed_lose(feed *feed);
void feed_cancel(feed *feed, uint64_t call_id);

// filter.c: does an object match?

/// What is known of a filter on an object. An operator that a newer host knows and we do not makes
/// a MAYBE: the host then looks for itself.
typedef enum truth { NO, MAYBE, YES } truth;

/// Tells whether the nodes are one tree, or none at all.
bool filter_is_tree(const kms_filter *filters, size_t count);
/// \param stack  Room for `count` bytes.
truth filter_match(const kms_filter *filters, size_t count, const kms_object *object,
                   uint8_t *stack);

// store.c and database.c: what a handle is open on.

typedef struct store store;

/// What keeps a store beyond its last handle. Each function returns KMS_OK or fills in `error`, and
/// runs while nobody else reads or writes the store.
typedef struct keeper {
  /// Fills a new store with what was kept under its name, and says in `state`, `version` and
  /// `schema` what that is.
  ///
  /// \param may_create  Whether the place may be made when it is missing.
  kms_status (*open)(store *store, bool may_create, kms_error *error);
  /// Gives back what `open` took. Called once, after an `open` that succeeded.
  void (*close)(store *store);
  /// Tells whether something could be kept now.
  kms_status (*health)(store *store, kms_error *error);
  /// Keeps that a host of this version has made the schema ready.
  kms_status (*migrate)(store *store, const char *version, kms_error *error);
  /// Keeps what was written by the items whose `out` is KMS_OK: all of it, or nothing when it fails.
  /// Sets `is_broken` when neither is sure.
  kms_status (*apply)(store *store, const kms_write *items, size_t count,
                      const kms_written *out, kms_error *error);
  /// Forgets all objects and grants.
  kms_status (*clear)(store *store, kms_error *error);
} keeper;

/// A database. Lives while a handle is open on it.
struct store {
  store *next;           // in the list of named stores
  char *name;            // NULL: of one handle only
  size_t handles;        // guarded by the lock of that list
  pthread_rwlock_t lock; // guards all below but the feed
  uint32_t state;        // kms_schema_state
  char version[32];      // of the newest host that migrated it
  char schema[32];       // of what was kept; empty when nothing was
  bool is_broken;        // serves nobody until it is opened again
  table table;
  feed feed;
  const keeper *keeper;  // NULL: nothing is kept
  void *kept;            // the keeper's own
  uint64_t kept_bytes;   // for the statistics
};

/// KMS_OK when the store serves, else KMS_UPGRADING or KMS_UNAVAILABLE.
kms_status store_status(const store *store);
/// The store with this name, made when there is none; with an empty name a new one.
kms_status store_take(kms_text name, size_t capacity, const keeper *keeper, bool may_create,
                      store **out, kms_error *error);
/// Frees the store when no other handle has it.
void store_give_back(store *store);
/// KMS_CONFLICT when another handle has it and `force` is false.
kms_status store_clear(store *store, bool force, kms_error *error);

struct kms_database {
  store *store;
  bool is_read_only;
};

/// A handle on the store with this name: the rest of `open`, which is the same for every driver.
kms_status open_store(const kms_database_open *given, const kms_call *call, kms_text name,
                      size_t capacity, const keeper *keeper, kms_database **out,
                      kms_error *error);

// write.c

/// One write, as steps that are not committed. `write` is checked against what is there now.
kms_status table_write(table *table, const kms_write *write);

// The functions of the contract, as database.h describes them.

void memory_close(kms_database *database);
kms_status memory_health(kms_database *database, const kms_call *call, kms_error *error);
void memory_cancel(kms_database *database, uint64_t call_id);
kms_status memory_context(kms_database *database, const kms_call *call, kms_context *out,
                          kms_error *error);
kms_status memory_migrate(kms_database *database, const kms_call *call, kms_error *error);
kms_status memory_plan(kms_database *database, const kms_call *call, kms_texts *out,
                       kms_error *error);
kms_status memory_clear(kms_database *database, const kms_call *call, bool force,
                        kms_error *error);
kms_status memory_statistics(kms_database *database, const kms_call *call, kms_statistics *out,
                             kms_error *error);
kms_status memory_get(kms_database *database, const kms_call *call, const kms_get *items,
                      size_t count, kms_objects *out, kms_error *error);
kms_status memory_query(kms_database *database, const kms_call *call, const kms_query *query,
                        kms_objects *out, kms_error *error);
kms_status memory_grants(kms_database *database, const kms_call *call,
                         const kms_grants_query *query, kms_grants *out, kms_error *error);
kms_status memory_apply(kms_database *database, const kms_call *call, const kms_write *items,
                        size_t count, kms_written *out, kms_error *error);
kms_status memory_changes(kms_database *database, const kms_call *call, kms_bytes token,
                          kms_changes *out, kms_error *error);

// Slices.

static inline bool same_bytes(kms_bytes a, kms_bytes b) {
  return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static inline kms_bytes text_bytes(kms_text text) {
  return (kms_bytes){(const uint8_t *)text.data, text.size};
}

static inline bool same_text(kms_text a, kms_text b) {
  return same_bytes(text_bytes(a), text_bytes(b));
}

#endif
