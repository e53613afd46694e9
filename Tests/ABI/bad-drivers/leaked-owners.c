// Never frees a result of `get`, nor the secrets in it.
#include "overlay.h"

static kms_host host;

static kms_status start(const kms_host *lent, kms_error *error) {
  TAKE(host, lent);
  return good->init(lent, error);
}

static void forget(void *owner) { (void)owner; }

static kms_status get(kms_database *database, const kms_call *call, const kms_get *items,
                      size_t count, kms_objects *out, kms_error *error) {
  const kms_status status = inner.get(database, call, items, count, out, error);
  if (status == KMS_OK) out->owner = (kms_owner){forget, host.secure_alloc(host.context, 32)};
  return status;
}

static void spoil(void) {
  plugin.init = start;
  table.driver.get = get;
}
