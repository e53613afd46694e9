#ifndef KMS_DRAFT_HSM_H
#define KMS_DRAFT_HSM_H
#include <kms/plugin.h>
#ifdef __cplusplus
extern "C" {
#endif

#define KMS_HSM_INTERFACE "kms.draft.hsm/1"

typedef struct kms_hsm kms_hsm;           // the vendor library, initialised
typedef struct kms_hsm_slot kms_hsm_slot; // a logged-in slot with its own pool of sessions

typedef enum kms_mechanism {
  KMS_AES_GCM = 1, KMS_AES_CBC, KMS_AES_CBC_PAD, KMS_AES_KW, KMS_AES_KWP,
  KMS_RSA_PKCS1 = 32, KMS_RSA_OAEP_SHA1, KMS_RSA_OAEP_SHA256, KMS_RSA_PSS_SHA256,
  KMS_RSA_PKCS1_SHA1, KMS_RSA_PKCS1_SHA256, KMS_RSA_PKCS1_SHA384, KMS_RSA_PKCS1_SHA512,
  KMS_ECDSA = 64, KMS_ECDSA_SHA256, KMS_ECDSA_SHA384, KMS_EDDSA_ED25519, // KMS_ECDSA: a digest
  KMS_HMAC_SHA256 = 96, KMS_HMAC_SHA512,
} kms_mechanism;

typedef enum kms_key_type {
  KMS_KEY_ANY, KMS_KEY_AES, KMS_KEY_RSA_PRIVATE, KMS_KEY_RSA_PUBLIC,
  KMS_KEY_EC_PRIVATE, KMS_KEY_EC_PUBLIC, KMS_KEY_GENERIC,
} kms_key_type;

enum {
  KMS_KEY_SENSITIVE = 1u << 0,   // never leaves in clear
  KMS_KEY_EXTRACTABLE = 1u << 1, // may leave, in clear or, when sensitive, wrapped
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

enum { KMS_SLOT_TOKEN_PRESENT = 1u << 0, KMS_SLOT_PIN_LOCKED = 1u << 1 };

typedef struct kms_hsm_key {
  kms_bytes id;                  // the key's name in its uid, and in every call below
  kms_text label;                // for people; empty where it is the same as the id
  uint32_t type, bits, flags;    // kms_key_type, KMS_KEY_*
  uint32_t curve, usage;         // KMIP Recommended Curve and Usage Mask; 0: none, the default
  kms_status status;             // out only, per item; KMS_CONFLICT: several keys have this id
  int32_t start_day, end_day;    // days since 1970-01-01; INT32_MIN: none
  kms_bytes public_material;     // out only: DER SubjectPublicKeyInfo
  kms_bytes secret_material;     // out of `export_keys` only: raw key or PKCS#8
} kms_hsm_key;

typedef struct kms_hsm_keys {
  uint32_t struct_size, reserved;
  const kms_hsm_key *items;
  size_t count;
  kms_bytes cursor;              // empty on the last page; at most 512 bytes
  kms_owner owner;
} kms_hsm_keys;

typedef enum kms_crypto_op {
  KMS_CRYPTO_ENCRYPT = 1, KMS_CRYPTO_DECRYPT, KMS_CRYPTO_SIGN, KMS_CRYPTO_VERIFY,
  KMS_CRYPTO_WRAP, KMS_CRYPTO_UNWRAP,
} kms_crypto_op;

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

/// The HSM driver. Unless said otherwise every function is [any-thread, concurrent, may block],
/// borrows its inputs until it returns, and on failure leaves `out` untouched. A NULL function
/// answers KMS_UNSUPPORTED; `open`, `close`, `slot_open` and `slot_close` must be there.
///
/// The driver keeps the sessions, since a PKCS#11 session does one thing at a time. A device that
/// hangs cannot be interrupted: a function that returns at its deadline while a session is still
/// busy must have given that session copies, never the caller's memory.
typedef struct kms_hsm_driver {
  uint32_t struct_size;
  uint32_t quick; // KMS_QUICK_*: functions that understand KMS_CALL_INLINE

  /// Loads the vendor library; initialised once, shared by all handles on it. Logs in nowhere.
  kms_status (*open)(const kms_hsm_open *options, const kms_call *call, kms_hsm **out,
                     kms_error *error);
  /// [serial] Every slot is closed and every result released. Never fails.
  void (*close)(kms_hsm *hsm);
  /// What slots there are, with or without a token.
  /// \param out  `capacity` slots, provided by the host. \param count  How many there are, also
  /// when that is more than `capacity`; only what fits is written.
  kms_status (*slots)(kms_hsm *hsm, const kms_call *call, kms_hsm_slot_info *out,
                      size_t capacity, size_t *count, kms_error *error);

  /// Logs in. A wrong or locked PIN is KMS_DENIED, never retryable and never tried twice, since
  /// devices lock after a few. A missing slot is KMS_NOT_FOUND, one without a usable token
  /// KMS_UNAVAILABLE.
  kms_status (*slot_open)(kms_hsm *hsm, const kms_hsm_slot_open *options, const kms_call *call,
                          kms_hsm_slot **out, kms_error *error);
  /// [serial] Closes the sessions, zeroizes the PIN. Never fails.
  void (*slot_close)(kms_hsm_slot *slot);
  /// Asks the device, heals lost sessions and logins. Called every few seconds.
  kms_status (*health)(kms_hsm_slot *slot, const kms_call *call, kms_error *error);
  /// What the slot can do; `out`, `capacity` and `count` as in `slots`.
  kms_status (*capabilities)(kms_hsm_slot *slot, const kms_call *call,
                             kms_hsm_capability *out, size_t capacity, size_t *count,
                             kms_error *error);

  /// Generates keys. A key pair is two neighbouring templates, private then public: both are
  /// made or none. KMS_EXISTS per item where the id is taken.
  kms_status (*generate)(kms_hsm_slot *slot, const kms_call *call, const kms_hsm_key *templates,
                         size_t count, kms_hsm_keys *out, kms_error *error);
  /// Metadata, never secrets: of `ids` in their order, each KMS_OK or KMS_NOT_FOUND, or, when
  /// `id_count` is 0, of all keys of a type (kms_key_type), page by page.
  kms_status (*find)(kms_hsm_slot *slot, const kms_call *call, uint32_t type,
                     const kms_bytes *ids, size_t id_count, kms_bytes cursor, uint32_t limit,
                     kms_hsm_keys *out, kms_error *error);
  /// Key material; KMS_NOT_EXTRACTABLE per item where the device refuses.
  kms_status (*export_keys)(kms_hsm_slot *slot, const kms_call *call, const kms_bytes *ids,
                            size_t count, kms_hsm_keys *out, kms_error *error);
  /// Writes label, start_day and end_day of existing keys, extractable or not.
  /// \param out  `count` slots, provided by the host; also in `destroy`.
  kms_status (*update)(kms_hsm_slot *slot, const kms_call *call, const kms_hsm_key *keys,
                       size_t count, kms_status *out, kms_error *error);
  /// Removes keys for good; each half of a pair is a key of its own.
  kms_status (*destroy)(kms_hsm_slot *slot, const kms_call *call, const kms_bytes *ids,
                        size_t count, kms_status *out, kms_error *error);
  /// Encrypt, decrypt, sign, verify, wrap, unwrap: mixed, spread over the session pool.
  kms_status (*crypto)(kms_hsm_slot *slot, const kms_call *call, const kms_crypto *items,
                       size_t count, kms_crypto_results *out, kms_error *error);
  /// Fills `out` from the device's generator, or fails.
  kms_status (*random)(kms_hsm_slot *slot, const kms_call *call, uint8_t *out, size_t size,
                       kms_error *error);
  /// Adds to the device's entropy.
  kms_status (*seed)(kms_hsm_slot *slot, const kms_call *call, kms_bytes seed,
                     kms_error *error);
  kms_status (*statistics)(kms_hsm_slot *slot, const kms_call *call, kms_statistics *out,
                           kms_error *error);
} kms_hsm_driver;

#ifdef __cplusplus
}
#endif
#endif
