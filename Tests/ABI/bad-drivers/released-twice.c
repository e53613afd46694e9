// Ends the process when a result is released twice, and when one is left at `close`: it is bad only for
// a host that is.
#include "overlay.h"
#include <stdatomic.h>

typedef struct guard {
  kms_owner inner;
  atomic_int releases;
} guard;

static atomic_long results;

static void release(void *owner) {
  guard *mine = owner; // never freed, so that a second release finds it
  if (atomic_fetch_add(&mine->releases, 1) != 0) abort();
  if (mine->inner.release != NULL) mine->inner.release(mine->inner.owner);
  atomic_fetch_sub(&results, 1);
}

static void guard_result(kms_owner *owner) {
  guard *mine = calloc(1, sizeof *mine);
  if (mine == NULL) abort();
  mine->inner = *owner;
  *owner = (kms_owner){release, mine};
  atomic_fetch_add(&results, 1);
}

static kms_status get(kms_database *database, const kms_call *call, const kms_get *items,
                      size_t count, kms_objects *out, kms_error *error) {
  const kms_status status = inner.get(database, call, items, count, out, error);
  if (status == KMS_OK) guard_result(&out->owner);
  return status;
}

static kms_status query(kms_database *database, const kms_call *call, const kms_query *asked,
                        kms_objects *out, kms_error *error) {
  const kms_status status = inner.query(database, call, asked, out, error);
  if (status == KMS_OK) guard_result(&out->owner);
  return status;
}

static kms_status grants(kms_database *database, const kms_call *call,
                         const kms_grants_query *asked, kms_grants *out, kms_error *error) {
  const kms_status status = inner.grants(database, call, asked, out, error);
  if (status == KMS_OK) guard_result(&out->owner);
  return status;
}

static kms_status changes(kms_database *database, const kms_call *call, kms_bytes token,
                          kms_changes *out, kms_error *error) {
  const kms_status status = inner.changes(database, call, token, out, error);
  if (status == KMS_OK) guard_result(&out->owner);
  return status;
}

static kms_status statistics(kms_database *database, const kms_call *call, kms_statistics *out,
                             kms_error *error) {
  const kms_status status = inner.statistics(database, call, out, error);
  if (status == KMS_OK) guard_result(&out->owner);
  return status;
}

static kms_status plan(kms_database *database, const kms_call *call, kms_texts *out,
                       kms_error *error) {
  const kms_status status = inner.plan(database, call, out, error);
  if (status == KMS_OK) guard_result(&out->owner);
  return status;
}

static void close_checked(kms_database *database) {
  if (atomic_load(&results) != 0) abort();
  inner.close(database);
}

static void spoil(void) {
  table.driver.get = get;
  table.driver.query = query;
  table.driver.grants = grants;
  table.driver.changes = changes;
  table.driver.statistics = statistics;
  table.driver.plan = plan;
  table.driver.close = close_checked;
}
