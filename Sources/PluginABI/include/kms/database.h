#ifndef KMS_DATABASE_H
#define KMS_DATABASE_H
#include <kms/plugin.h>
#ifdef __cplusplus
extern "C" {
#endif

#define KMS_DATABASE_INTERFACE "kms.database/1"

// Limits, as in plugin.h.
#define KMS_MAX_UID 255         // bytes in a uid; never empty
#define KMS_MAX_TAG 255         // bytes in a tag
#define KMS_MAX_USER 255        // bytes in an owner, a user, or a name in `who`
#define KMS_MAX_PATH 128        // bytes in the path of a term
#define KMS_MAX_TOKEN 64        // bytes in a token of `changes`
#define KMS_MAX_WHO 64          // names in `who`
#define KMS_MAX_OBJECT 16777216 // bytes in `object` and `attributes` of one object: 16 MiB
#define KMS_MAX_BATCH 100       // writes in one batch
#define KMS_MAX_LIMIT 1000      // items on a page; `limit` is 1...1000

/// An open database: a connection pool, usable from any thread at once.
typedef struct kms_database kms_database;

/// A searchable fact about an object, computed by the host. A path may occur several times.
typedef struct kms_term {
  kms_text path;
  kms_value value;
  uint32_t flags, reserved; // KMS_TERM_*
} kms_term;

enum {
  /// No two objects may have terms with this flag and with this path and value: the write that
  /// would bring the second fails with KMS_EXISTS.
  KMS_TERM_UNIQUE = 1u << 0,
};

/// A stored object. The driver never parses `object` or `attributes`: it stores both as
/// they come, and searches only `tags`, `terms` and the plain members. Uids, owners, tags, users
/// and values compare byte for byte.
typedef struct kms_object {
  kms_text uid, owner;       // an empty owner is nobody
  uint32_t type, state;      // KMIP Object Type and State; 0: neither
  uint64_t revision;         // drawn at random by the host for each change; never 0
  kms_bytes object;          // secret; empty when the key itself lives in an HSM
  kms_bytes attributes;
  kms_text_list tags;
  const kms_term *terms;     // in only
  size_t term_count;
  uint64_t rights;           // out only: all that `who` was granted on this uid, together
  kms_status status;         // out only, per item: KMS_OK, KMS_NOT_FOUND, KMS_CORRUPT
  uint32_t flags;            // out only: KMS_OBJECT_*
} kms_object;

enum {
  /// The revision is kms_get.known_revision: the parts asked for are left empty. All other
  /// members are filled in as always.
  KMS_OBJECT_UNCHANGED = 1u << 0,
};

enum { // parts of an object: what to fetch, and what KMS_WRITE_UPDATE replaces
  KMS_PART_OBJECT = 1u << 0,
  KMS_PART_ATTRIBUTES = 1u << 1, // in a write with the terms
  KMS_PART_TAGS = 1u << 2,
  KMS_PART_STATE = 1u << 3,      // fetched always, like uid, owner, type, revision, rights
};

/// `who` lists the user first, then whatever else grants may name: "*", groups. All are plain
/// names to the driver. Only the first may be the owner; an empty name owns nothing. Empty list:
/// `rights` stay 0.
typedef struct kms_get {
  kms_text uid;
  kms_text_list who;
  uint64_t known_revision; // 0: always fetch
  uint32_t parts;          // KMS_PART_*
  uint32_t reserved;
} kms_get;

typedef struct kms_objects {
  uint32_t struct_size;
  uint32_t flags;           // KMS_OBJECTS_*
  const kms_object *items;
  size_t count;
  kms_bytes cursor;         // `query`: empty on the last page; at most KMS_MAX_CURSOR bytes
  int64_t total;            // `query`: matches on all pages, skipped ones too; -1: not counted
  kms_owner owner;
} kms_objects;

enum {
  /// The page is a superset: some filters were not applied. The host filters what it gets.
  /// Lets a keyword index (redis-findex) or a first driver answer honestly.
  KMS_OBJECTS_INEXACT = 1u << 0,
};

typedef enum kms_filter_op {
  // `arity` filters follow; NOT has one; AND of none is true, OR of none is false:
  KMS_FILTER_AND = 1, KMS_FILTER_OR, KMS_FILTER_NOT,
  // Some term with this path and the value; AT_MOST, AT_LEAST and HAS_BITS (all of them) take an
  // INTEGER, PREFIX a TEXT or BYTES, HAS_PATH ignores the value:
  KMS_FILTER_EQUAL, KMS_FILTER_AT_MOST, KMS_FILTER_AT_LEAST, KMS_FILTER_PREFIX,
  KMS_FILTER_HAS_BITS, KMS_FILTER_HAS_PATH,
  // The value, TEXT or INTEGER, against a plain member; TAG against each tag:
  KMS_FILTER_UID, KMS_FILTER_OWNER, KMS_FILTER_TYPE, KMS_FILTER_STATE, KMS_FILTER_TAG,
} kms_filter_op;

/// One node of a filter, in prefix order: no recursion and no pointers to chase. A driver may leave
/// out nodes that it cannot apply or whose `op` it does not know, and then says INEXACT: such a
/// node counts as true and, below a NOT, the whole NOT does.
typedef struct kms_filter { uint32_t op, arity; kms_text path; kms_value value; } kms_filter;

typedef struct kms_query {
  uint32_t struct_size;
  uint32_t parts;            // KMS_PART_*
  const kms_filter *filters; // one tree; NULL means everything
  size_t filter_count;
  kms_text_list who;         // only objects that these own or are granted; empty: all
  uint64_t rights;           // granted with at least one of these; 0: with any. What who[0] owns
                             // needs no grant, so this narrows only what it does not own
  kms_bytes cursor;          // empty for the first page
  uint32_t limit;            // at most this many, 1...KMS_MAX_LIMIT
  uint32_t skip;             // KMIP Offset Items; first page only
  uint32_t flags, reserved;  // KMS_QUERY_*
} kms_query;

enum {
  // Without `who` one of these two is KMS_INVALID; both together match nothing.
  KMS_QUERY_OWNED = 1u << 0,   // only what who[0] owns
  KMS_QUERY_GRANTED = 1u << 1, // only what who[0] does not own
  KMS_QUERY_COUNT = 1u << 2,   // also compute `total`
  KMS_QUERY_NEWEST = 1u << 3,  // last created first; default is an order stable across pages
};

typedef enum kms_write_op {
  KMS_WRITE_CREATE = 1, // KMS_EXISTS when the uid has an object
  KMS_WRITE_UPDATE,     // replaces `parts` and the revision
  KMS_WRITE_DELETE,     // the object and all grants on the uid; one of them must exist
  KMS_WRITE_GRANT,      // adds `rights`, not 0, for `user`; the uid needs no object (HSM keys)
  KMS_WRITE_REVOKE,     // removes them; the last one removes the grant; none is fine
  KMS_WRITE_CHECK,      // writes nothing: only the conditions count
} kms_write_op;

enum { // conditions: all must hold in the transaction of the write, else KMS_CONFLICT; one that
       // the driver does not know is KMS_UNSUPPORTED, like an unknown `op`
  KMS_IF_PRESENT = 1u << 0,  // the uid has an object, else KMS_NOT_FOUND; implied by UPDATE,
                             // CHECK and the two below
  KMS_IF_REVISION = 1u << 1,
  KMS_IF_OWNER = 1u << 2,
};

typedef struct kms_write {
  uint32_t op;                // kms_write_op
  uint32_t flags;             // KMS_IF_*
  uint32_t batch;             // neighbours with the same number, at most KMS_MAX_BATCH, are
                              // written all or none
  uint32_t parts;             // UPDATE: KMS_PART_*
  kms_object object;          // uid always; CREATE: all of it; UPDATE: `parts` and revision
  kms_text user;              // GRANT and REVOKE
  uint64_t rights;            // GRANT and REVOKE; the bits mean something to the host only
  uint64_t expected_revision; // KMS_IF_REVISION
  kms_text expected_owner;    // KMS_IF_OWNER
} kms_write;

typedef struct kms_written { kms_status status; uint32_t flags; } kms_written; // KMS_ERROR_*

/// What one name may do with one uid. Owner, state and type are those of the object, if any.
typedef struct kms_grant {
  kms_text uid, user, owner;
  uint64_t rights;
  uint32_t state, type;
} kms_grant;

typedef struct kms_grants_query {
  uint32_t struct_size;
  uint32_t limit;    // 1...KMS_MAX_LIMIT
  kms_text uid;      // empty: any
  kms_text_list who; // exactly these names; empty: any
  kms_bytes cursor;  // empty for the first page
} kms_grants_query;

typedef struct kms_grants {
  uint32_t struct_size, reserved;
  const kms_grant *items;
  size_t count;
  kms_bytes cursor; // empty on the last page; at most KMS_MAX_CURSOR bytes
  kms_owner owner;
} kms_grants;

/// What changed since a token, grants included. `uids` may repeat and may name what is gone.
typedef struct kms_changes {
  uint32_t struct_size;
  uint32_t flags;      // KMS_CHANGES_*
  const kms_text *uids;
  size_t count;
  kms_bytes token;     // for the next call; opaque, at most KMS_MAX_TOKEN bytes
  kms_owner owner;
} kms_changes;

enum { KMS_CHANGES_LOST = 1u << 0 }; // the token is too old: drop every cached object

typedef enum kms_schema_state {
  KMS_SCHEMA_EMPTY,     // nothing there: `migrate` creates it
  KMS_SCHEMA_READY,     // usable, also when slightly newer than the driver
  KMS_SCHEMA_BEHIND,    // `migrate` has work to do
  KMS_SCHEMA_UPGRADING, // somebody is at it, or was killed at it: `migrate` waits or resumes
  KMS_SCHEMA_AHEAD,     // too new for this driver
  KMS_SCHEMA_FOREIGN,   // holds something else; see `format`
} kms_schema_state;

typedef struct kms_context {
  uint32_t struct_size;
  uint32_t state;     // kms_schema_state
  char version[32];   // kms_host.version of the newest host that migrated it; empty when none
  char schema[32];    // schema in the database
  char supported[32]; // schema that this driver writes
  char format[32];    // FOREIGN: whose, when known ("cosmian-kms-4")
  char backend[64];   // "PostgreSQL 16.3", for logs and health pages
} kms_context;

typedef struct kms_database_open {
  uint32_t struct_size;
  uint32_t flags;       // KMS_OPEN_*
  uint32_t concurrency; // most calls in flight, `cancel` and one `changes` not counted
  uint32_t reserved;
  const kms_setting *settings;
  size_t setting_count;
  kms_text tenant;      // empty for the main database
  kms_bytes secret;     // the tenant's; secure memory, until return
} kms_database_open;

enum {
  KMS_OPEN_READ_ONLY = 1u << 0,
  /// For tasks: settings that a task is there to repair are no reason to refuse.
  KMS_OPEN_MAINTENANCE = 1u << 1,
  /// Reads the database of another system, to import it: `query` and `grants` answer, with
  /// `object` and `attributes` in that system's bytes; nothing is written. A query has no filter or
  /// one on the uid, and no `who`; pages are in an order that is stable. `type` is 0; `rights` are,
  /// for the format "cosmian-kms-4", from bit 0: create, certify, decrypt, destroy, encrypt, export,
  /// get, getattributes, import, locate, revoke, rekey, validate; bit 63: one that is none of these.
  KMS_OPEN_FOREIGN = 1u << 2,
};

enum { KMS_QUICK_GET = 1u << 0, KMS_QUICK_QUERY = 1u << 1, KMS_QUICK_GRANTS = 1u << 2 };

/// The database driver. `open` and `close` must be there; any other function may be NULL and then
/// answers KMS_UNSUPPORTED.
///
/// What holds where a function's comment is silent:
/// - It is [any-thread, concurrent, may block] and honours the deadline and the cancellation of
///   its call. At most `concurrency` calls are in flight on a handle.
/// - Inputs are borrowed until it returns. `out` and `error` are the caller's, never NULL.
/// - Slices in `out` belong to the driver and live until `out->owner.release`, which the caller
///   calls once after KMS_OK and before `close`.
/// - On failure it changes nothing, leaves `out` untouched and fills in `error`. Besides the
///   statuses it names, it may return KMS_UNAVAILABLE, KMS_EXHAUSTED, KMS_DENIED (our credentials),
///   KMS_CANCELLED, KMS_DEADLINE and KMS_INTERNAL.
/// - An empty array (`count` 0) is no error and yields an empty result.
///
/// `get`, `query`, `apply`, `grants` and `changes` return KMS_UPGRADING unless the schema is
/// READY, found out in the same statement or transaction as the work itself.
typedef struct kms_database_driver {
  uint32_t struct_size;
  uint32_t quick; // KMS_QUICK_*: functions that understand KMS_CALL_INLINE
  /// How many `apply` calls at once are of use; 0: as many as `concurrency`. A backend with one
  /// writer says 1: the host then gathers all writes that wait into the next call, which commits
  /// them together.
  uint32_t writers;
  uint32_t reserved;

  /// Connects and checks credentials; creates no schema.
  ///
  /// \param options  What is needed later is copied, secrets into secure memory.
  /// \param out      The handle, the host's until it calls `close`.
  ///
  /// [any-thread, concurrent, may block] A wrong secret is KMS_DENIED, a damaged file KMS_CORRUPT,
  /// an unknown tenant KMS_NOT_FOUND: never one for another. KMS_INVALID when settings do not go
  /// together; KMS_UNSUPPORTED for tenants or KMS_OPEN_FOREIGN where there is no such thing.
  /// Several handles may be open at once, on one database too.
  kms_status (*open)(const kms_database_open *options, const kms_call *call,
                     kms_database **out, kms_error *error);
  /// Disconnects and frees the handle.
  ///
  /// \param database  Gone on return.
  ///
  /// [serial, may block] No call is in flight and every result is released. Never fails. What
  /// `apply` acknowledged stays, save with KMS_PLUGIN_VOLATILE.
  void (*close)(kms_database *database);
  /// Tells whether the backend would serve now, by one cheap round trip that a write would also
  /// need. Called every few seconds, and once before the host serves: a driver that keeps a lease for
  /// `clear` to find takes and renews it here, and `close` ends it.
  ///
  /// [any-thread, concurrent, may block] KMS_OK whatever state the schema is in.
  kms_status (*health)(kms_database *database, const kms_call *call, kms_error *error);
  /// Interrupts the call with this id, which then returns KMS_CANCELLED soon, or as if nothing had
  /// happened.
  ///
  /// [any-thread, concurrent] Does not block; not counted in `concurrency`. Never fails: an id that
  /// is unknown or has returned is ignored.
  void (*cancel)(kms_database *database, uint64_t call_id);

  /// Tells what the schema is and who made it.
  ///
  /// \param out  The host's, filled in place: nothing to release.
  ///
  /// [any-thread, concurrent, may block] Answers in every state, on a database of others too
  /// (FOREIGN).
  kms_status (*context)(kms_database *database, const kms_call *call,
                        kms_context *out, kms_error *error);
  /// Brings the schema to `supported`: takes the backend's own lock, marks UPGRADING, works,
  /// marks READY and the version.
  ///
  /// [any-thread, concurrent, may block] KMS_UPGRADING when another host is at it; KMS_UNSUPPORTED
  /// when AHEAD or FOREIGN; KMS_UNAVAILABLE when opened read-only. Idempotent, and resumable after
  /// a crash or failure in its middle; when READY it only raises the version.
  kms_status (*migrate)(kms_database *database, const kms_call *call, kms_error *error);
  /// Lists the statements that `migrate` would run now, for administrators who run them themselves
  /// because the service account may not.
  ///
  /// [any-thread, concurrent, may block] Runs none of them. None: the schema is as it should be.
  /// KMS_UNSUPPORTED when AHEAD or FOREIGN.
  kms_status (*plan)(kms_database *database, const kms_call *call, kms_texts *out,
                     kms_error *error);
  /// Deletes all objects, tags and grants; on the main database all tenants too. The schema stays.
  ///
  /// \param force  Also when another host has the database open.
  ///
  /// [any-thread, concurrent, may block] KMS_CONFLICT when another host is there and `force` is
  /// false; one that may be dead counts until `retry_after_ns`, and the host asks once more then.
  /// KMS_UNAVAILABLE when opened read-only. Every token that `changes` gave before is lost.
  kms_status (*clear)(kms_database *database, const kms_call *call, bool force,
                      kms_error *error);

  /// Retrieves `count` objects with the caller's rights, in the order asked, in as few round trips
  /// as the backend allows.
  ///
  /// \param out  As many items as asked. `cursor` is empty, `total` is -1.
  ///
  /// [any-thread, concurrent, may block, inline] A missing object is an item with KMS_NOT_FOUND, a
  /// damaged one an item with KMS_CORRUPT, not a failed call: both still have `uid` and `rights`.
  /// A uid may be asked for twice.
  kms_status (*get)(kms_database *database, const kms_call *call, const kms_get *items,
                    size_t count, kms_objects *out, kms_error *error);
  /// Locate: the objects that a filter matches and `who` may see, a page at a time. Pages are
  /// keyset pages: an object that matches throughout is returned exactly once.
  ///
  /// \param out  At most `limit` items; `rights` are all those of `who`, whatever was asked for. A
  ///             damaged object is an item as in `get`. A page may have fewer items and still a
  ///             cursor.
  ///
  /// [any-thread, concurrent, may block, inline] KMS_INVALID when the filter is no tree, the limit
  /// is out of range or the cursor is not ours. A cursor is good on any host, for at least an hour,
  /// for the same query.
  kms_status (*query)(kms_database *database, const kms_call *call, const kms_query *query,
                      kms_objects *out, kms_error *error);
  /// Every write. Each batch is atomic, alone, and durable when its items say KMS_OK; its
  /// items run in order and see each other's effects. Batches have no order among each other.
  ///
  /// \param out  `count` slots, provided by the host; nothing to release.
  ///
  /// [any-thread, concurrent, may block] Fails only when no batch was decided; else KMS_OK, and
  /// `out` has each item's outcome: in a batch that failed, the reason on the items at fault and
  /// KMS_ABORTED on the rest. KMS_UNAVAILABLE when opened read-only.
  /// After KMS_ERROR_IN_DOUBT, on the call or on an item, an object that has the revision
  /// which its item gave proves that the whole batch was committed.
  kms_status (*apply)(kms_database *database, const kms_call *call, const kms_write *items,
                      size_t count, kms_written *out, kms_error *error);
  /// Grants on one uid, to some names, both, or all there are, a page at a time, in an order that
  /// is stable across pages.
  ///
  /// \param out  At most `limit` items.
  ///
  /// [any-thread, concurrent, may block, inline] KMS_INVALID when the limit is out of range or the
  /// cursor is not ours. Grants on a uid without object are listed with no owner, state 0 and type
  /// 0. Cursors as in `query`.
  kms_status (*grants)(kms_database *database, const kms_call *call,
                       const kms_grants_query *query, kms_grants *out, kms_error *error);
  /// Waits for a change made by any host since `token`, this one too.
  ///
  /// \param token  Empty: asks for the current token and returns at once, with no uids.
  /// \param out    Changes in the order of their commits; `token` is never empty.
  ///
  /// [any-thread, concurrent, may block] One such call at a time on a handle, not counted in
  /// `concurrency`. The deadline is no failure but KMS_OK with no uids. A token that is too old, or
  /// that this database did not give, is answered at once with KMS_CHANGES_LOST and the current
  /// one.
  kms_status (*changes)(kms_database *database, const kms_call *call, kms_bytes token,
                        kms_changes *out, kms_error *error);
  /// Counters and gauges for metrics, as they are at hand: nothing that scans the database.
  ///
  /// [any-thread, concurrent, may block] Answers in every state of the schema.
  kms_status (*statistics)(kms_database *database, const kms_call *call,
                           kms_statistics *out, kms_error *error);
} kms_database_driver;

#ifdef __cplusplus
}
#endif
#endif
