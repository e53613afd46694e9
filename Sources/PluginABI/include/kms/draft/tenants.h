#ifndef KMS_DRAFT_TENANTS_H
#define KMS_DRAFT_TENANTS_H
#include <kms/database.h>
#ifdef __cplusplus
extern "C" {
#endif

#define KMS_TENANTS_INTERFACE "kms.draft.database.tenants/1"

/// Encrypted databases beside the main one, each opened with a secret of its own. The host draws
/// names (1...64 of a-z, 0-9 and -) and secrets, stores no secret, and closes a tenant's handles
/// before `rekey` and `drop`. Optional.
typedef struct kms_database_tenants {
  uint32_t struct_size;
  uint32_t secret_size; // bytes in a secret
  /// Creates a database that only `secret` opens; durable on return. KMS_EXISTS: name is taken.
  kms_status (*create)(kms_database *main, const kms_call *call, kms_text tenant,
                       kms_bytes secret, kms_error *error);
  /// Replaces the secret; the old one is refused from then on.
  kms_status (*rekey)(kms_database *main, const kms_call *call, kms_text tenant,
                      kms_bytes secret, kms_bytes replacement, kms_error *error);
  /// Removes a database for good. Needs the secret, so that a name alone destroys nothing.
  kms_status (*drop)(kms_database *main, const kms_call *call, kms_text tenant,
                     kms_bytes secret, kms_error *error);
  /// The names of all tenants.
  kms_status (*list)(kms_database *main, const kms_call *call, kms_texts *out,
                     kms_error *error);
} kms_database_tenants;

#ifdef __cplusplus
}
#endif
#endif
