#ifndef KMS_PLUGIN_H
#define KMS_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KMS_ABI_MAJOR 1 // incompatible change: new entry negotiation
#define KMS_ABI_MINOR 0 // appended members, new interface ids, new enumerators

// A struct that begins with `struct_size` may grow at its end. Who reads one copies the smaller of
// the two sizes into a zeroed struct of its own. A struct to be filled arrives zeroed, with the
// size that may be written. All other structs are frozen for the major.

/// Borrowed bytes. `data` may be NULL only when `size` is 0.
typedef struct kms_bytes { const uint8_t *data; size_t size; } kms_bytes;

/// Borrowed UTF-8, not NUL-terminated. Never contains U+0000.
typedef struct kms_text { const char *data; size_t size; } kms_text;

/// Borrowed texts, none twice.
typedef struct kms_text_list { const kms_text *items; size_t count; } kms_text_list;

/// Outcome of a call or of one item in a bulk call. The KMIP mapping is in the driver guide, "Errors".
typedef int32_t kms_status;
enum {
  KMS_OK = 0,
  KMS_NOT_FOUND = 1,        // no such object, slot, key or tenant
  KMS_EXISTS = 2,           // an object, key or tenant with this name is already there
  KMS_CONFLICT = 3,         // a condition of the request does not hold; nothing was written
  KMS_ABORTED = 4,          // nothing wrong with this item, but its batch was rolled back
  KMS_INVALID = 5,          // the request is malformed: a bug in the caller
  KMS_UNSUPPORTED = 6,      // this backend cannot do that, and will not be able to later
  KMS_DENIED = 7,           // the backend refused these credentials, this secret or this PIN
  KMS_UNAVAILABLE = 8,      // the backend is out of reach, busy, locked or read-only
  KMS_UPGRADING = 9,        // the schema is being upgraded; nothing was read or written
  KMS_WOULD_BLOCK = 10,     // only under KMS_CALL_INLINE: ask again from a thread that may wait
  KMS_CANCELLED = 11,       // kms_call reported cancellation
  KMS_DEADLINE = 12,        // the deadline passed first
  KMS_EXHAUSTED = 13,       // memory, connections, sessions or disk
  KMS_CORRUPT = 14,         // stored data failed an integrity check
  KMS_NOT_EXTRACTABLE = 15, // the device will not let this key out
  KMS_CRYPTO_FAILED = 16,   // bad tag, padding or signature
  KMS_INTERNAL = 17,        // anything else: a bug in the driver
};

enum {
  KMS_ERROR_RETRYABLE = 1u << 0, // the same request may succeed later; nothing was written
  KMS_ERROR_IN_DOUBT = 1u << 1,  // a commit may or may not have happened: reread first
};

/// Details of a failed call. The caller provides the struct and the message buffer, so
/// reporting an error allocates nothing, frees nothing and works when memory is exhausted.
/// Never NULL, cleared by the caller, written only before the function returns and only when
/// it fails. The buffer may have no room at all.
///
/// The message is for operators and goes to logs: it never holds keys, PINs, passwords or
/// the secret part of a URL.
typedef struct kms_error {
  uint32_t struct_size;
  uint32_t flags;          // KMS_ERROR_*
  int64_t native_code;     // SQLite result code, CKR_*, errno...; 0 when there is none
  char native_state[8];    // SQLSTATE, NUL-padded; empty when there is none
  uint64_t retry_after_ns; // hint, 0 when unknown
  char *message;           // caller's buffer; the plugin writes NUL-terminated UTF-8
  size_t message_capacity; // bytes, terminator included; truncate at a character boundary
} kms_error;

/// One unit of work, owned by the host and valid until the plugin function returns. Never NULL.
/// When the host gathers several requests in one call, the deadline is the latest of theirs and
/// the call is cancelled when all of them are.
typedef struct kms_call {
  uint32_t struct_size;
  uint32_t flags;       // KMS_CALL_*
  uint64_t id;          // unique in this process; also what `cancel` is given
  uint64_t deadline_ns; // on kms_host.monotonic_ns; 0 means none
  kms_text trace_id;    // W3C trace id in hex, for logs and SQL comments; may be empty
  /// [any-thread, concurrent] Cheap enough to poll between round trips and every few
  /// thousand rows.
  bool (*is_cancelled)(const struct kms_call *call);
} kms_call;

enum {
  /// The caller's thread must not wait. Set only on functions that the driver lists as `quick`:
  /// they answer from what is at hand, within some 50 us, or change nothing and return
  /// KMS_WOULD_BLOCK (a lock is taken, the answer needs a network, the array is long).
  KMS_CALL_INLINE = 1u << 0,
};

typedef enum kms_log_level {
  KMS_LOG_TRACE, KMS_LOG_DEBUG, KMS_LOG_INFO, KMS_LOG_WARNING, KMS_LOG_FAULT,
} kms_log_level;

/// Services the host lends to a plugin, from `init` until `deinit` returns. All are
/// [any-thread, concurrent]. Copy the pointers you need; a minor release may append more.
typedef struct kms_host {
  uint32_t struct_size;
  uint16_t abi_major, abi_minor;
  const char *name, *version; // "kmsd", "1.4.0"
  void *context;              // pass back as the first argument below

  /// True when a message at `level` (kms_log_level) would be kept: test it before formatting.
  bool (*log_enabled)(void *context, uint32_t level);
  /// Emits one line; copies it. The host escapes control characters. No secrets.
  /// \param call  The call being served, for its trace id; NULL on the driver's own threads.
  void (*log)(void *context, const kms_call *call, uint32_t level, kms_text message);

  /// Memory for secrets: zeroed at birth, locked and kept out of core dumps where the
  /// system allows, zeroed again by `secure_free`. NULL when exhausted.
  void *(*secure_alloc)(void *context, size_t size);
  void (*secure_free)(void *context, void *memory, size_t size);
  /// Overwrites memory in a way the optimiser may not remove.
  void (*zeroize)(void *context, void *memory, size_t size);

  /// Fills `out` from the host's approved generator, or fails: it never returns weak bytes.
  kms_status (*random)(void *context, uint8_t *out, size_t size);

  uint64_t (*monotonic_ns)(void *context); // for deadlines
  int64_t (*unix_us)(void *context);       // wall clock; tests replace it

  /// Optional host interfaces by id ("kms.host.metrics/1"). NULL when the host has none.
  const void *(*get_interface)(void *context, const char *id);
} kms_host;

typedef enum kms_option_type {
  KMS_OPTION_TEXT, KMS_OPTION_INTEGER, KMS_OPTION_BOOLEAN, KMS_OPTION_PATH,
  KMS_OPTION_URL, KMS_OPTION_DURATION, KMS_OPTION_SIZE, KMS_OPTION_CHOICE,
} kms_option_type;

enum {
  KMS_OPTION_REQUIRED = 1u << 0,
  KMS_OPTION_SECRET = 1u << 1,   // never printed; may be given as a file or environment name
  KMS_OPTION_REPEATED = 1u << 2, // a TOML array; arrives as one setting per value, in order
  KMS_OPTION_HIDDEN = 1u << 3,   // left out of --help
  KMS_OPTION_DEPRECATED = 1u << 4,
};

/// One configuration option, enough for the host to parse TOML and command line, check,
/// complete and document a driver that it has never seen. Static, like kms_plugin_info.
///
/// The name is global. "sqlite-path" is `sqlite_path` (or `sqlite-path`) in TOML, --sqlite-path
/// on the command line, KMS_SQLITE_PATH in the environment. Begin it with the name of the driver,
/// unless it is one of the shared names in the driver guide, such as "database-url".
typedef struct kms_option {
  const char *name;           // kebab-case
  uint32_t type;              // kms_option_type
  uint32_t flags;             // KMS_OPTION_*
  const char *default_value;  // as it would be written in TOML; NULL when there is none
  const char *const *choices; // NULL-terminated, for KMS_OPTION_CHOICE
  int64_t minimum, maximum;   // for INTEGER, DURATION (ns) and SIZE (bytes); both 0: no bounds
  const char *const *environment; // NULL-terminated further variables: "KMS_POSTGRES_URL"
  const char *help;           // one sentence, no final full stop
} kms_option;

typedef enum kms_plugin_kind { KMS_DATABASE = 1, KMS_HSM = 2 } kms_plugin_kind;

/// Who the plugin is. Static with all it points to: never freed, never changed.
typedef struct kms_plugin_info {
  uint32_t struct_size;
  uint32_t kind;             // kms_plugin_kind
  const char *id;            // reverse DNS, never reused: "org.example.kms.sqlite"
  const char *name;          // "SQLite"
  const char *version;       // semantic version of the driver
  const char *vendor, *url;
  const char *license;       // SPDX expression
  const char *summary;       // one line for `kmsd plugin list`
  const char *const *serves; // NULL-terminated `database-type` or `hsm-model` names
  const kms_option *options;
  uint32_t option_count;
  uint32_t option_stride;    // sizeof(kms_option) when the plugin was compiled
  uint32_t flags;            // KMS_PLUGIN_*
  uint32_t reserved;
} kms_plugin_info;

enum {
  /// Keeps nothing beyond `close`: for tests and trials, never for keys that matter.
  KMS_PLUGIN_VOLATILE = 1u << 0,
  /// A backend serves one process at a time; a second `open` elsewhere sees other data or fails.
  KMS_PLUGIN_SINGLE_PROCESS = 1u << 1,
};

typedef struct kms_plugin {
  uint32_t struct_size;
  uint16_t abi_major, abi_minor; // the header the plugin was compiled with
  const kms_plugin_info *info;

  /// [serial] Called once, before `get_interface`. On failure nothing else is called.
  kms_status (*init)(const kms_host *host, kms_error *error);
  /// [serial] Called once, after every handle is closed. Join your threads here. A host that
  /// is killed, or that gives up on a hung call, exits without it.
  void (*deinit)(void);
  /// [any-thread, concurrent] A static table for an id such as "kms.database/1", or NULL.
  const void *(*get_interface)(const char *id);
} kms_plugin;

/// The one symbol that a plugin exports.
///
/// \param host_major  The major that the host wants to speak.
/// \return A static description for that major, or NULL when the plugin does not speak it.
///         The host asks for its newest major first, then for older ones that it still serves.
///
/// [serial] Must not allocate, start threads, read files or log.
typedef const kms_plugin *(*kms_plugin_entry_fn)(uint16_t host_major);
#define KMS_PLUGIN_ENTRY "kms_plugin_entry"

/// A parsed, range-checked option: as configured, else its default, else absent. Everything in it
/// lives until the function that got it returns; secrets lie in secure memory.
typedef struct kms_setting {
  kms_text name;
  uint32_t type, flags; // of the kms_option
  int64_t number;       // INTEGER, BOOLEAN, DURATION (ns), SIZE
  kms_text text;        // all other types; a PATH arrives absolute
} kms_setting;

typedef enum kms_value_type {
  KMS_VALUE_INTEGER = 1, // also enumerations, booleans and instants (microseconds, Unix epoch)
  KMS_VALUE_TEXT = 2,    // compared byte for byte
  KMS_VALUE_BYTES = 3,
} kms_value_type;

/// How much a value narrows a search: what a driver indexes, and what it should look up first.
typedef enum kms_rank {
  KMS_RANK_RARE,   // names a few objects: a name, a link, a serial number
  KMS_RANK_GROUP,  // names many: a tag, a group
  KMS_RANK_COMMON, // names most: an algorithm, a length, a date. Store it; an index is optional
} kms_rank;

typedef struct kms_value {
  uint32_t type, rank; // kms_value_type, kms_rank
  int64_t number;
  kms_bytes bytes; // TEXT (UTF-8) and BYTES
} kms_value;

/// Ends a result. A function that succeeds sets both members; the receiver calls
/// `release(owner)` once, from any thread, before the handle is closed, and every slice inside
/// the result dies with it. The producer zeroizes secret bytes before freeing them. Results may
/// be moved by copying. A NULL `release` means that there is nothing to free.
typedef struct kms_owner { void (*release)(void *owner); void *owner; } kms_owner;

typedef struct kms_texts {
  uint32_t struct_size, reserved;
  const kms_text *items;
  size_t count;
  kms_owner owner;
} kms_texts;

typedef struct kms_statistic { const char *name, *unit; double value; } kms_statistic;
typedef struct kms_statistics {
  uint32_t struct_size, reserved;
  const kms_statistic *items; // "objects", "pool.in-use", "pool.waiting", "calls.failed"...
  size_t count;
  kms_owner owner;
} kms_statistics;

#ifdef __cplusplus
}
#endif
#endif
