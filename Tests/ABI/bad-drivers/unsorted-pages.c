// Answers in another order than it was asked: `get` backwards, `query` with an object on a page twice,
// `grants` with the same page over and over.
#include "overlay.h"

static kms_object items_seen[1000 + 1]; // one test at a time

static kms_status get(kms_database *database, const kms_call *call, const kms_get *items,
                      size_t count, kms_objects *out, kms_error *error) {
  const kms_status status = inner.get(database, call, items, count, out, error);
  if (status != KMS_OK || count < 2) return status;
  for (size_t i = 0; i < count; i++) items_seen[i] = out->items[count - 1 - i];
  out->items = items_seen;
  return status;
}

static kms_status query(kms_database *database, const kms_call *call, const kms_query *asked,
                        kms_objects *out, kms_error *error) {
  const kms_status status = inner.query(database, call, asked, out, error);
  if (status != KMS_OK || out->count == 0 || out->count >= asked->limit) return status;
  memcpy(items_seen, out->items, out->count * sizeof *items_seen);
  items_seen[out->count] = items_seen[0];
  out->items = items_seen;
  out->count++;
  return status;
}

static kms_status grants(kms_database *database, const kms_call *call,
                         const kms_grants_query *asked, kms_grants *out, kms_error *error) {
  kms_grants_query first = *asked;
  first.cursor = (kms_bytes){NULL, 0};
  const kms_status status = inner.grants(database, call, &first, out, error);
  if (status == KMS_OK) out->cursor = (kms_bytes){(const uint8_t *)"again", 5};
  return status;
}

static void spoil(void) {
  table.driver.get = get;
  table.driver.query = query;
  table.driver.grants = grants;
}
