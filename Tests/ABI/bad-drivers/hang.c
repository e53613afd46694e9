// Keeps a call whose uid begins with "hang", in spite of deadline and cancellation, until somebody asks
// for one that begins with "wake". With HANG_INLINE it also keeps those that must not wait.
#include "overlay.h"
#include <stdatomic.h>
#include <time.h>

static atomic_bool is_awake;

static void hang(void) {
  const struct timespec pause = {.tv_nsec = 2000000};
  while (!atomic_load(&is_awake)) nanosleep(&pause, NULL);
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
}
