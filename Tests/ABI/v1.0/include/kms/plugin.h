// Frozen: kms/plugin.h as released with ABI 1.0. Not to be edited; see Tests/ABI/README.md.
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
// size that may be written, and `struct_size` stays as it is. All other structs are frozen for the
// major. Members named `reserved` are 0 and ignored.
//
// Every function says in brackets from where it is called:
//
//   [any-thread]  no thread affinity: a handle meets many threads
//   [concurrent]  may run while other calls on the same handle run
//   [may block]   may wait for disk, network or device until the deadline, never under
//                 KMS_CALL_INLINE; what lacks this tag returns within some 50 us
//   [inline]      may be called with KMS_CALL_INLINE when the driver lists it in `quick`
//   [serial]      the caller guarantees that nothing else runs: on this handle, or, where there
//                 is none, in this library
//
// No exception and no `longjmp` crosses the boundary. A plugin does not exit, fork, change
// directory, locale, umask or signal handlers, nor write to the standard streams.

// Limits. The host keeps them before it calls; a plugin may rely on them for what it is given and
// keeps those that bind what it returns.
#define KMS_MAX_CURSOR 512    // bytes in a cursor
#define KMS_MAX_CALL 67108864 // bytes in all inputs of one call: 64 MiB

/// Borrowed bytes. `data` may be NULL only when `size` is 0.
typedef struct kms_bytes { const uint8_t *data; size_t size; } kms_bytes;

/// Borrowed UTF-8, not NUL-terminated. Never contains U+0000. `data` as in kms_bytes.
typedef struct kms_text { const char *data; size_t size; } kms_text;

/// Borrowed texts, none twice.
typedef struct kms_text_list { const kms_text *items; size_t count; } kms_text_list;

/// Outcome of a call or of one item in a bulk call. The driver guide, "Errors", maps it to KMIP.
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
///
/// A function that finds the deadline passed or the call cancelled returns KMS_DEADLINE or
/// KMS_CANCELLED soon, having written nothing, or having said KMS_ERROR_IN_DOUBT.
typedef struct kms_call {
  uint32_t struct_size;
  uint32_t flags;       // KMS_CALL_*
  uint64_t id;          // unique in this process, never 0; also what `cancel` is given
  uint64_t deadline_ns; // on kms_host.monotonic_ns; 0 means none
  kms_text trace_id;    // W3C trace id in hex, for logs and SQL comments; may be empty
  /// Tells whether nobody wants the answer any more. Once true it stays true. Never NULL.
  ///
  /// \param call  This struct itself, not a copy.
  ///
  /// [any-thread, concurrent] Cheap enough to poll between round trips and every few
  /// thousand rows. Not to be called after the plugin function returned.
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

/// Services that the host lends to a plugin, from `init` until `deinit` returns: keep a copy of the
/// struct, taken as said at the top. A member that an older host does not have is then NULL.
///
/// Every function takes `context` first, borrows what it is given until it returns, and, unless
/// said otherwise, is [any-thread, concurrent] and never fails.
typedef struct kms_host {
  uint32_t struct_size;
  uint16_t abi_major, abi_minor;
  const char *name, *version; // "kmsd", "1.4.0"; live as long as the process
  void *context;              // pass back as the first argument below

  /// Tells whether a message at `level` (kms_log_level) would be kept: ask before formatting one.
  /// [any-thread, concurrent]
  bool (*log_enabled)(void *context, uint32_t level);
  /// Emits one line, with the plugin's name, control characters escaped, repeats rate-limited.
  ///
  /// \param call     The call being served, for its trace id; NULL on the driver's own threads.
  /// \param message  Copied. No secrets; tags and terms, which may be personal, not above DEBUG.
  ///
  /// [any-thread, concurrent] A line that cannot be written is dropped.
  void (*log)(void *context, const kms_call *call, uint32_t level, kms_text message);

  /// Allocates memory for secrets: zeroed, aligned for any type, locked and kept out of core dumps
  /// where the system allows. It is scarce: for key bytes, PINs and passwords only.
  ///
  /// \param size  Not 0.
  /// \return Owned by the plugin until it calls `secure_free`, at the latest in `deinit`. NULL when
  ///         exhausted.
  ///
  /// [any-thread, concurrent]
  void *(*secure_alloc)(void *context, size_t size);
  /// Zeroes and frees memory of `secure_alloc`.
  ///
  /// \param memory  NULL does nothing. \param size  As it was allocated.
  ///
  /// [any-thread, concurrent]
  void (*secure_free)(void *context, void *memory, size_t size);
  /// Overwrites the plugin's own memory with zeroes in a way the optimiser may not remove.
  ///
  /// \param memory  May be NULL when `size` is 0.
  ///
  /// [any-thread, concurrent]
  void (*zeroize)(void *context, void *memory, size_t size);

  /// Fills `out` from the host's approved generator. A plugin seeds no generator of its own.
  ///
  /// [any-thread, concurrent] Not KMS_OK when the generator fails: it never returns weak bytes, and
  /// what `out` then holds is not random.
  kms_status (*random)(void *context, uint8_t *out, size_t size);

  /// The clock of deadlines, in nanoseconds; never goes back. Tests may freeze it.
  /// [any-thread, concurrent]
  uint64_t (*monotonic_ns)(void *context);
  /// The wall clock, in microseconds since 1970-01-01 UTC; may jump. Tests replace it.
  /// [any-thread, concurrent]
  int64_t (*unix_us)(void *context);

  /// Finds an optional host interface by id ("kms.host.metrics/1").
  ///
  /// \return A table that lives as long as this one; NULL when the host has none.
  ///
  /// [any-thread, concurrent]
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

/// What the entry returns. Static with all it points to; the library is never unloaded. All three
/// functions must be there.
typedef struct kms_plugin {
  uint32_t struct_size;
  uint16_t abi_major, abi_minor; // the header the plugin was compiled with
  const kms_plugin_info *info;

  /// Starts the plugin. Called once, before `get_interface`.
  ///
  /// \param host   Valid until `deinit` returns; the struct itself may be copied.
  /// \param error  Borrowed.
  ///
  /// [serial, may block] On failure nothing else is called, `deinit` neither.
  kms_status (*init)(const kms_host *host, kms_error *error);
  /// Ends the plugin: joins its threads, frees what it still holds. Called once.
  ///
  /// [serial, may block] Every handle is closed. Never fails. A host that is killed, or that gives
  /// up on a hung call, exits without it.
  void (*deinit)(void);
  /// Finds a table by id, such as "kms.database/1".
  ///
  /// \param id  NUL-terminated, borrowed.
  /// \return    Static; NULL for an id that the plugin does not know. The same on every call.
  ///
  /// [any-thread, concurrent]
  const void *(*get_interface)(const char *id);
} kms_plugin;

/// The one symbol that a plugin exports. Describes the plugin and does nothing else: must not
/// allocate, start threads, read files or log.
///
/// \param host_major  The major that the host wants to speak: its newest first, then older ones
///                    that it still serves.
/// \return Static; NULL when the plugin does not speak that major.
///
/// [serial] May be called several times, also with no `init` to follow.
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
/// A hint: it has no part in whether two values are equal.
typedef enum kms_rank {
  KMS_RANK_RARE,   // names a few objects: a name, a link, a serial number
  KMS_RANK_GROUP,  // names many: a tag, a group
  KMS_RANK_COMMON, // names most: an algorithm, a length, a date. Store it; an index is optional
} kms_rank;

/// Values of different types are never equal.
typedef struct kms_value {
  uint32_t type, rank; // kms_value_type, kms_rank
  int64_t number;
  kms_bytes bytes; // TEXT (UTF-8) and BYTES
} kms_value;

/// Ends a result. A function that succeeds sets both members, and every slice inside the result
/// lives until `release`. Results may be moved by copying: `release` gets the owner and not the
/// struct.
typedef struct kms_owner {
  /// Frees the result; zeroizes secret bytes first. NULL: there is nothing to free.
  ///
  /// \param owner  The member beside it. Called once for each result, before its handle is closed.
  ///
  /// [any-thread, concurrent] Never fails, never waits for the backend.
  void (*release)(void *owner);
  void *owner;
} kms_owner;

typedef struct kms_texts {
  uint32_t struct_size, reserved;
  const kms_text *items;
  size_t count;
  kms_owner owner;
} kms_texts;

/// `name` and `unit` live as long as the result. A unit is as in UCUM: "1", "By", "s".
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
