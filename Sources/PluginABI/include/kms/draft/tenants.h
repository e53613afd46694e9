#ifndef KMS_DRAFT_TENANTS_H
#define KMS_DRAFT_TENANTS_H
#include <kms/database.h>
#ifdef __cplusplus
extern "C" {
#endif

// A draft: it keeps no promise of compatibility and may change with every release, or vanish. When
// it is settled its id becomes "kms.database.tenants/1". Until then build host and driver from the
// same headers.

#define KMS_TENANTS_INTERFACE "kms.draft.database.tenants/1"

#define KMS_MAX_TENANT 64 // bytes in the name of a tenant: a-z, 0-9 and -; never empty

/// Encrypted databases beside the main one, each opened with a secret of its own. The host draws
/// names and secrets, stores no secret, and closes a tenant's handles before `rekey` and `drop`.
/// Optional. What kms_database_driver says of functions whose comments are silent holds here;
/// `main` is a handle on the main database, and secrets are borrowed from secure memory.
typedef struct kms_database_tenants {
  uint32_t struct_size;
  uint32_t secret_size; // bytes in a secret
  /// Creates a database that only `secret` opens; durable on return.
  ///
  /// [any-thread, concurrent, may block] KMS_EXISTS when the name is taken: the host draws another.
  /// Its schema is EMPTY until `migrate` on a handle of its own.
  kms_status (*create)(kms_database *main, const kms_call *call, kms_text tenant,
                       kms_bytes secret, kms_error *error);
  /// Replaces the secret; the old one is refused from then on. Durable on return.
  ///
  /// [any-thread, concurrent, may block] KMS_DENIED when `secret` is wrong, KMS_NOT_FOUND for an
  /// unknown tenant. After a crash in the middle exactly one of the two secrets opens it.
  kms_status (*rekey)(kms_database *main, const kms_call *call, kms_text tenant,
                      kms_bytes secret, kms_bytes replacement, kms_error *error);
  /// Removes a database for good. Needs the secret, so that a name alone destroys nothing.
  ///
  /// [any-thread, concurrent, may block] KMS_DENIED and KMS_NOT_FOUND as in `rekey`.
  kms_status (*drop)(kms_database *main, const kms_call *call, kms_text tenant,
                     kms_bytes secret, kms_error *error);
  /// The names of all tenants.
  ///
  /// \param out  The driver's, until `out->owner.release`.
  ///
  /// [any-thread, concurrent, may block] In no particular order; needs no secret.
  kms_status (*list)(kms_database *main, const kms_call *call, kms_texts *out,
                     kms_error *error);
} kms_database_tenants;

#ifdef __cplusplus
}
#endif
#endif
