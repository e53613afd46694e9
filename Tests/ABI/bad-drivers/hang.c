// Keeps a call whose uid begins with "hang", in spite of deadline and cancellation, until somebody asks
// for one that begins with "wake". With HANG_INLINE it also keeps those that must not wait. Its one
// statistic tells how many calls it keeps.
#include "overlay.h"
#include <stdatomic.h>
#include <time.h>

static atomic_bool is_awake;
static atomic_int hanging;

static void hang(void) {
  const struct timespec pause = {.tv_nsec = 2000000};
  atomic_fetch_add(&hanging, 1);
  while (!atomic_load(&is_awake)) nanosleep(&pause, NULL);
  atomic_fetch_sub(&hanging, 1);
}

static kms_status statistics(kms_database *database, const kms_call *call, kms_statistics *out,
                             kms_error *error) {
  (void)database, (void)call;
  kms_statistic *now = calloc(1, sizeof *now);
  if (now == NULL) {
    snprintf(error->message, error->message_capacity, "out of memory");
    return KMS_EXHAUSTED;
  }
  *now = (kms_statistic){.name = "hanging", .unit = "1", .value = atomic_load(&hanging)};
  out->items = now;
  out->count = 1;
  out->owner = (kms_owner){free, now};
  return KMS_OK;
}

static kms_status get(kms_database *database, const kms_call *call, const kms_get *items,
                      size_t count, kms_objects *out, kms_error *error) {
  for (size_t i = 0; i < count; i++) {
    if (begins(items[i].uid, "wake")) atomic_store(&is_awake, true);
    if (!begins(items[i].uid, "hang")) continue;
#ifndef HANG_INLINE
    if (call->flags & KMS_CALL_INLINE) return KMS_WOULD_BLOCK;
#endif
    hang();
  }
  return inner.get(database, call, items, count, out, error);
}

static kms_status apply(kms_database *database, const kms_call *call, const kms_write *items,
                        size_t count, kms_written *out, kms_error *error) {
  for (size_t i = 0; i < count; i++)
    if (begins(items[i].object.uid, "hang")) hang();
  return inner.apply(database, call, items, count, out, error);
}

static void spoil(void) {
  table.driver.get = get;
  table.driver.apply = apply;
  table.driver.statistics = statistics;
}
