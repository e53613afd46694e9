// Fails without saying how: `get` with a number that is no status, `query` with a message and KMS_OK,
// `apply` with KMS_OK and not a word about any write.
#include "overlay.h"

static kms_status get(kms_database *database, const kms_call *call, const kms_get *items,
                      size_t count, kms_objects *out, kms_error *error) {
  for (size_t i = 0; i < count; i++)
    if (begins(items[i].uid, "fail-get")) return 99;
  return inner.get(database, call, items, count, out, error);
}

static kms_status query(kms_database *database, const kms_call *call, const kms_query *asked,
                        kms_objects *out, kms_error *error) {
  (void)database, (void)call, (void)asked;
  snprintf(error->message, error->message_capacity, "the connection is gone");
  error->flags = KMS_ERROR_RETRYABLE;
  out->count = 1; // of which there is none
  return KMS_OK;
}

static kms_status apply(kms_database *database, const kms_call *call, const kms_write *items,
                        size_t count, kms_written *out, kms_error *error) {
  for (size_t i = 0; i < count; i++) {
    if (!begins(items[i].object.uid, "fail-apply")) continue;
    error->flags = KMS_ERROR_IN_DOUBT;
    return KMS_OK;
  }
  return inner.apply(database, call, items, count, out, error);
}

static void spoil(void) {
  table.driver.get = get;
  table.driver.query = query;
  table.driver.apply = apply;
}
