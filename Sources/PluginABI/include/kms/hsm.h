#ifndef KMS_HSM_H
#define KMS_HSM_H
#include <kms/plugin.h>
#ifdef __cplusplus
extern "C" {
#endif

#define KMS_HSM_INTERFACE "kms.hsm/1"

typedef struct kms_hsm kms_hsm;           // the vendor library, initialised
typedef struct kms_hsm_slot kms_hsm_slot; // a logged-in slot with its own pool of sessions

typedef enum kms_mechanism {
  KMS_AES_GCM = 1, KMS_AES_CBC, KMS_AES_CBC_PAD, KMS_AES_KW, KMS_AES_KWP,
  KMS_RSA_PKCS1 = 32, KMS_RSA_OAEP_SHA1, KMS_RSA_OAEP_SHA256, KMS_RSA_PSS_SHA256,
  KMS_RSA_PKCS1_SHA1, KMS_RSA_PKCS1_SHA256, KMS_RSA_PKCS1_SHA384, KMS_RSA_PKCS1_SHA512,
  KMS_ECDSA = 64, KMS_ECDSA_SHA256, KMS_ECDSA_SHA384, KMS_EDDSA_ED25519, // KMS_ECDSA: a digest
  KMS_HMAC_SHA256 = 96, KMS_HMAC_SHA512,
  KMS_GENERATE_AES = 128, KMS_GENERATE_RSA, KMS_GENERATE_EC, KMS_GENERATE_ED25519,
  KMS_GENERATE_GENERIC,          // of capabilities alone: what `generate` can make
} kms_mechanism;

typedef enum kms_key_type {
  KMS_KEY_ANY, KMS_KEY_AES, KMS_KEY_RSA_PRIVATE, KMS_KEY_RSA_PUBLIC,
  KMS_KEY_EC_PRIVATE, KMS_KEY_EC_PUBLIC, KMS_KEY_GENERIC,
} kms_key_type;

enum {
  KMS_KEY_SENSITIVE = 1u << 0,   // never leaves in clear
  KMS_KEY_EXTRACTABLE = 1u << 1, // may leave, in clear or, when sensitive, wrapped
  KMS_KEY_IN_DOUBT = 1u << 2,    // out of `generate`, not KMS_OK: may have been made, ask `find`
};

/// One thing that a slot can do, so that the host refuses early instead of asking the device.
typedef struct kms_hsm_capability {
  uint32_t mechanism;            // kms_mechanism
  uint32_t minimum_bits, maximum_bits;
  uint32_t maximum_input;        // bytes in one operation; 0: no limit known
} kms_hsm_capability;

typedef struct kms_hsm_slot_info {
  uint64_t id;
  char label[64], model[32], serial[32], firmware[32];
  uint32_t flags, max_sessions;  // KMS_SLOT_*; 0: no limit known
} kms_hsm_slot_info;

enum {
  KMS_SLOT_TOKEN_PRESENT = 1u << 0,
  KMS_SLOT_PIN_LOCKED = 1u << 1,    // an officer has to unlock it
  KMS_SLOT_TOKEN_READY = 1u << 2,   // initialised, with a user PIN
  KMS_SLOT_LOGIN_NEEDED = 1u << 3,  // private keys are there after login alone
  KMS_SLOT_PIN_LAST_TRY = 1u << 4,  // one more wrong PIN locks it
};

typedef struct kms_hsm_key {
  kms_bytes id;                  // the key's name in its uid, and in every call below
  kms_text label;                // for people; empty where it is the same as the id
  uint32_t type, bits, flags;    // kms_key_type, KMS_KEY_*
  uint32_t curve, usage;         // KMIP Recommended Curve and Usage Mask; 0: none, the default
  kms_status status;             // out only, per item; KMS_CONFLICT: several keys have this id
  uint32_t native_code, reserved; // CKR_* when `status` is not KMS_OK, for the log
  int32_t start_day, end_day;    // days since 1970-01-01; INT32_MIN: none
  kms_bytes public_material;     // out only: DER SubjectPublicKeyInfo
  kms_bytes secret_material;     // out of `export_keys` only: raw key or PKCS#8
} kms_hsm_key;

typedef struct kms_hsm_keys {
  uint32_t struct_size, reserved;
  const kms_hsm_key *items;
  size_t count;
  kms_bytes cursor;              // empty on the last page; at most KMS_MAX_CURSOR bytes
  kms_owner owner;
} kms_hsm_keys;

typedef enum kms_crypto_op {
  KMS_CRYPTO_ENCRYPT = 1, KMS_CRYPTO_DECRYPT, KMS_CRYPTO_SIGN, KMS_CRYPTO_VERIFY,
  KMS_CRYPTO_WRAP, KMS_CRYPTO_UNWRAP,
} kms_crypto_op;

/// Layouts: the ciphertext of KMS_AES_GCM is as long as the plaintext, its tag of 16 bytes apart;
/// KMS_AES_CBC takes whole blocks; signatures of ECDSA are r and s, each as long as the order of the
/// curve. KMS_AES_KW and KMS_AES_KWP are for WRAP and UNWRAP.
typedef struct kms_crypto {
  uint32_t op, mechanism;        // kms_crypto_op, kms_mechanism
  kms_bytes key;                 // kms_hsm_key.id
  kms_bytes input;               // plaintext, ciphertext, message, wrapped key
  kms_bytes iv, aad, tag;        // tag: input of DECRYPT; iv empty on ENCRYPT: the device picks
  kms_bytes signature;           // VERIFY
  const kms_hsm_key *target;     // WRAP: id; UNWRAP: template of the new key; else NULL
} kms_crypto;

typedef struct kms_crypto_result {
  kms_status status;             // per item
  uint32_t native_code;          // CKR_*, for the log
  kms_bytes output, iv, tag;
} kms_crypto_result;

typedef struct kms_crypto_results {
  uint32_t struct_size, reserved;
  const kms_crypto_result *items; // as many as asked, in the same order
  size_t count;
  kms_owner owner;                // release zeroizes the outputs
} kms_crypto_results;

typedef struct kms_hsm_open {
  uint32_t struct_size, reserved;
  const kms_setting *settings;
  size_t setting_count;
} kms_hsm_open;

typedef struct kms_hsm_slot_open {
  uint32_t struct_size;
  uint32_t flags;                // KMS_SLOT_OPEN_NO_LOGIN
  uint64_t slot;
  kms_bytes pin;                 // secure memory, until return; may be empty
  uint32_t concurrency;          // most calls in flight: the size of the pool
  uint32_t reserved;
} kms_hsm_slot_open;
enum { KMS_SLOT_OPEN_NO_LOGIN = 1u << 0 }; // public objects only, no PIN

enum { KMS_QUICK_FIND = 1u << 0, KMS_QUICK_CRYPTO = 1u << 1, KMS_QUICK_RANDOM = 1u << 2 };

/// The HSM driver. `open`, `close`, `slot_open` and `slot_close` must be there; any other function
/// may be NULL and then answers KMS_UNSUPPORTED.
///
/// What holds where a function's comment is silent:
/// - It is [any-thread, concurrent, may block] and honours the deadline and the cancellation of
///   its call. At most `concurrency` calls are in flight on a slot.
/// - Inputs are borrowed until it returns. `out` and `error` are the caller's, never NULL.
/// - Slices in `out` belong to the driver and live until `out->owner.release`, which the caller
///   calls once after KMS_OK and before the handle is closed.
/// - On failure it leaves `out` untouched and fills in `error`. Besides the statuses it names, it
///   may return KMS_UNAVAILABLE (the device is gone), KMS_DENIED (the login is gone and could not
///   be repeated), KMS_EXHAUSTED, KMS_CANCELLED, KMS_DEADLINE and KMS_INTERNAL.
/// - A call on an array fails only when no item was decided; else it is KMS_OK, and each item has
///   its own status. An empty array is no error and yields an empty result.
///
/// The driver keeps the sessions, since a PKCS#11 session does one thing at a time. A device that
/// hangs cannot be interrupted: a function that returns at its deadline while a session is still
/// busy must have given that session copies, never the caller's memory.
typedef struct kms_hsm_driver {
  uint32_t struct_size;
  uint32_t quick; // KMS_QUICK_*: functions that understand KMS_CALL_INLINE

  /// Loads the vendor library; initialised once, shared by all handles on it. Logs in nowhere.
  ///
  /// \param options  What is needed later is copied.
  /// \param out      The handle, the host's until it calls `close`.
  ///
  /// [any-thread, concurrent, may block] KMS_NOT_FOUND when the library is missing,
  /// KMS_UNSUPPORTED when it is not a PKCS#11 library that the driver can use.
  kms_status (*open)(const kms_hsm_open *options, const kms_call *call, kms_hsm **out,
                     kms_error *error);
  /// Frees the handle. The vendor library stays loaded.
  ///
  /// \param hsm  Gone on return.
  ///
  /// [serial, may block] Every slot is closed and every result released. Never fails.
  void (*close)(kms_hsm *hsm);
  /// What slots there are, with or without a token.
  ///
  /// \param out    `capacity` slots, provided by the host; nothing to release.
  /// \param count  How many there are, also when that is more than `capacity`; only what fits is
  ///               written.
  ///
  /// [any-thread, concurrent, may block]
  kms_status (*slots)(kms_hsm *hsm, const kms_call *call, kms_hsm_slot_info *out,
                      size_t capacity, size_t *count, kms_error *error);

  /// Logs in.
  ///
  /// \param options  The PIN is copied into secure memory.
  /// \param out      The slot, the host's until it calls `slot_close`.
  ///
  /// [any-thread, concurrent, may block] A wrong or locked PIN is KMS_DENIED, never retryable and
  /// never tried twice, since devices lock after a few. A missing slot is KMS_NOT_FOUND, one
  /// without a usable token KMS_UNAVAILABLE. A login is one for all of a process: a slot that is
  /// open already, on whichever handle, is KMS_EXISTS.
  kms_status (*slot_open)(kms_hsm *hsm, const kms_hsm_slot_open *options, const kms_call *call,
                          kms_hsm_slot **out, kms_error *error);
  /// Closes the sessions, zeroizes the PIN, frees the handle.
  ///
  /// \param slot  Gone on return.
  ///
  /// [serial, may block] No call is in flight and every result is released. Never fails.
  void (*slot_close)(kms_hsm_slot *slot);
  /// Asks the device, heals lost sessions and logins. Called every few seconds.
  ///
  /// [any-thread, concurrent, may block]
  kms_status (*health)(kms_hsm_slot *slot, const kms_call *call, kms_error *error);
  /// What the slot can do.
  ///
  /// \param out  `out`, `capacity` and `count` as in `slots`.
  ///
  /// [any-thread, concurrent, may block]
  kms_status (*capabilities)(kms_hsm_slot *slot, const kms_call *call,
                             kms_hsm_capability *out, size_t capacity, size_t *count,
                             kms_error *error);

  /// Generates keys. A key pair is two neighbouring templates, private then public: both are
  /// made or none. Their ids differ.
  ///
  /// \param out  As many items as templates, in their order, with `public_material`.
  ///
  /// [any-thread, concurrent, may block] Per item KMS_EXISTS where the id is taken, KMS_UNSUPPORTED
  /// where the device cannot make such a key. A lost answer is KMS_ERROR_IN_DOUBT: ask `find`.
  kms_status (*generate)(kms_hsm_slot *slot, const kms_call *call, const kms_hsm_key *templates,
                         size_t count, kms_hsm_keys *out, kms_error *error);
  /// Metadata, never secrets: of `ids` in their order, each KMS_OK or KMS_NOT_FOUND, or, when
  /// `id_count` is 0, of all keys of a type (kms_key_type), page by page.
  ///
  /// \param cursor  Empty for the first page, else as the previous page returned it.
  /// \param limit   Most keys on a page.
  ///
  /// [any-thread, concurrent, may block, inline] A key that is destroyed meanwhile may still be
  /// listed.
  kms_status (*find)(kms_hsm_slot *slot, const kms_call *call, uint32_t type,
                     const kms_bytes *ids, size_t id_count, kms_bytes cursor, uint32_t limit,
                     kms_hsm_keys *out, kms_error *error);
  /// Key material.
  ///
  /// \param out  As many items as ids, in their order; `release` zeroizes.
  ///
  /// [any-thread, concurrent, may block] Per item KMS_NOT_FOUND, or KMS_NOT_EXTRACTABLE where the
  /// device refuses.
  kms_status (*export_keys)(kms_hsm_slot *slot, const kms_call *call, const kms_bytes *ids,
                            size_t count, kms_hsm_keys *out, kms_error *error);
  /// Writes label, start_day and end_day of existing keys, extractable or not.
  ///
  /// \param out  `count` slots, provided by the host; nothing to release.
  ///
  /// [any-thread, concurrent, may block] Per item KMS_NOT_FOUND, or KMS_UNSUPPORTED where the
  /// device keeps no such thing.
  kms_status (*update)(kms_hsm_slot *slot, const kms_call *call, const kms_hsm_key *keys,
                       size_t count, kms_status *out, kms_error *error);
  /// Removes keys for good; each half of a pair is a key of its own, and an id that several keys
  /// have is KMS_CONFLICT.
  ///
  /// \param out  `count` slots, provided by the host; nothing to release.
  ///
  /// [any-thread, concurrent, may block] Per item KMS_NOT_FOUND.
  kms_status (*destroy)(kms_hsm_slot *slot, const kms_call *call, const kms_bytes *ids,
                        size_t count, kms_status *out, kms_error *error);
  /// Encrypt, decrypt, sign, verify, wrap, unwrap: mixed, spread over the session pool.
  ///
  /// \param out  As many items as asked, in their order; `release` zeroizes the outputs.
  ///
  /// [any-thread, concurrent, may block, inline] Per item KMS_NOT_FOUND for the key,
  /// KMS_CRYPTO_FAILED for every cause that lies in the data, KMS_UNSUPPORTED beyond
  /// `capabilities`.
  kms_status (*crypto)(kms_hsm_slot *slot, const kms_call *call, const kms_crypto *items,
                       size_t count, kms_crypto_results *out, kms_error *error);
  /// Fills `out` from the device's generator, or fails.
  ///
  /// \param out  `size` bytes, provided by the host.
  ///
  /// [any-thread, concurrent, may block, inline] On failure what `out` holds is not random.
  kms_status (*random)(kms_hsm_slot *slot, const kms_call *call, uint8_t *out, size_t size,
                       kms_error *error);
  /// Adds to the device's entropy.
  ///
  /// \param seed  Secret, borrowed.
  ///
  /// [any-thread, concurrent, may block]
  kms_status (*seed)(kms_hsm_slot *slot, const kms_call *call, kms_bytes seed,
                     kms_error *error);
  /// Counters and gauges for metrics, as they are at hand.
  ///
  /// [any-thread, concurrent, may block] Asks no device.
  kms_status (*statistics)(kms_hsm_slot *slot, const kms_call *call, kms_statistics *out,
                           kms_error *error);
} kms_hsm_driver;

#ifdef __cplusplus
}
#endif
#endif
