// What concerns a database as a whole.

#include <stdio.h>
#include <stdlib.h>
#include "memory.h"

kms_status open_store(const kms_database_open *given, const kms_call *call, kms_text name,
                      size_t capacity, const keeper *keeper, kms_database **out,
                      kms_error *error) {
  if (given->tenant.size > 0) return fail(error, KMS_UNSUPPORTED, "there are no tenants here");
  if (given->flags & KMS_OPEN_FOREIGN)
    return fail(error, KMS_UNSUPPORTED, "there is nothing to import here");
  kms_status status = call_status(call);
  if (status != KMS_OK) return refuse(error, status);

  kms_database *database = malloc(sizeof *database);
  if (database == NULL) return refuse(error, KMS_EXHAUSTED);
  database->is_read_only = (given->flags & KMS_OPEN_READ_ONLY) != 0;
  status = store_take(name, capacity, keeper, !database->is_read_only, &database->store, error);
  if (status != KMS_OK) {
    free(database);
    return status;
  }
  *out = database;
  return KMS_OK;
}

void memory_close(kms_database *database) {
  store_give_back(database->store);
  free(database);
}

kms_status memory_health(kms_database *database, const kms_call *call, kms_error *error) {
  kms_status status = call_status(call);
  if (status != KMS_OK) return refuse(error, status);
  store *store = database->store;
  pthread_rwlock_rdlock(&store->lock);
  if (store->is_broken) {
    status = refuse(error, KMS_UNAVAILABLE);
  } else if (store->keeper != NULL) {
    status = store->keeper->health(store, error);
  }
  pthread_rwlock_unlock(&store->lock);
  return status;
}

void memory_cancel(kms_database *database, uint64_t call_id) {
  feed_cancel(&database->store->feed, call_id); // nothing else waits
}

kms_status memory_context(kms_database *database, const kms_call *call, kms_context *out,
                          kms_error *error) {
  const kms_status status = call_status(call);
  if (status != KMS_OK) return refuse(error, status);

  store *store = database->store;
  pthread_rwlock_rdlock(&store->lock);
  out->state = store->state;
  snprintf(out->version, sizeof out->version, "%s", store->version);
  snprintf(out->schema, sizeof out->schema, "%s", store->schema);
  pthread_rwlock_unlock(&store->lock);
  snprintf(out->supported, sizeof out->supported, "%s", schema);
  snprintf(out->backend, sizeof out->backend, "%s %s", info.name, info.version);
  return KMS_OK;
}

/// The next number of a version, behind which `text` goes on.
static unsigned long next_number(const char **text) {
  unsigned long number = 0;
  for (; **text >= '0' && **text <= '9'; ++*text)
    number = number * 10 + (unsigned long)(**text - '0');
  if (**text == '.') ++*text;
  return number;
}

/// Compares by numbers. One with a suffix, 1.2.0-rc1, comes before the one without.
static bool is_newer(const char *a, const char *b) {
  while ((*a >= '0' && *a <= '9') || (*b >= '0' && *b <= '9')) {
    const unsigned long left = next_number(&a), right = next_number(&b);
    if (left != right) return left > right;
  }
  return *b != '\0' && (*a == '\0' || strcmp(a, b) > 0);
}

/// Tells whether what was kept is ours to change.
static bool is_ours(const store *store) {
  return store->state != KMS_SCHEMA_AHEAD && store->state != KMS_SCHEMA_FOREIGN;
}

static kms_status mark_ready(store *store, kms_error *error) {
  if (store->is_broken) return refuse(error, KMS_UNAVAILABLE);
  if (!is_ours(store)) return fail(error, KMS_UNSUPPORTED, "not of a version that we can change");
  const bool is_ready = store->state == KMS_SCHEMA_READY;
  if (is_ready && !is_newer(host.version, store->version)) return KMS_OK;

  const kms_status status =
      store->keeper == NULL ? KMS_OK : store->keeper->migrate(store, host.version, error);
  if (status != KMS_OK) return status;
  store->state = KMS_SCHEMA_READY;
  snprintf(store->version, sizeof store->version, "%s", host.version);
  snprintf(store->schema, sizeof store->schema, "%s", schema);
  return KMS_OK;
}

kms_status memory_migrate(kms_database *database, const kms_call *call, kms_error *error) {
  kms_status status = call_status(call);
  if (status != KMS_OK) return refuse(error, status);
  if (database->is_read_only) return fail(error, KMS_UNAVAILABLE, "opened read-only");

  store *store = database->store;
  pthread_rwlock_wrlock(&store->lock);
  status = mark_ready(store, error);
  pthread_rwlock_unlock(&store->lock);
  return status;
}

kms_status memory_plan(kms_database *database, const kms_call *call, kms_texts *out,
                       kms_error *error) {
  const kms_status status = call_status(call);
  if (status != KMS_OK) return refuse(error, status);

  static const char statement[] = "mark the empty database as ready";
  static const kms_text plan[] = {{statement, sizeof statement - 1}};
  store *store = database->store;
  pthread_rwlock_rdlock(&store->lock);
  const bool is_possible = is_ours(store), is_ready = store->state == KMS_SCHEMA_READY;
  pthread_rwlock_unlock(&store->lock);
  if (!is_possible) return fail(error, KMS_UNSUPPORTED, "not of a version that we can change");
  out->items = plan;
  out->count = is_ready ? 0 : 1;
  out->owner = (kms_owner){0}; // static: nothing to free
  return KMS_OK;
}

kms_status memory_clear(kms_database *database, const kms_call *call, bool force,
                        kms_error *error) {
  const kms_status status = call_status(call);
  if (status != KMS_OK) return refuse(error, status);
  if (database->is_read_only) return fail(error, KMS_UNAVAILABLE, "opened read-only");
  return store_clear(database->store, force, error);
}

kms_status memory_statistics(kms_database *database, const kms_call *call, kms_statistics *out,
                             kms_error *error) {
  const kms_status status = call_status(call);
  if (status != KMS_OK) return refuse(error, status);
  enum { COUNT = 4 };
  kms_statistic *items = malloc(COUNT * sizeof *items);
  if (items == NULL) return refuse(error, KMS_EXHAUSTED);

  store *store = database->store;
  pthread_rwlock_rdlock(&store->lock);
  const table *table = &store->table;
  items[0] = (kms_statistic){"objects", "1", (double)table->objects.by_uid.count};
  items[1] = (kms_statistic){"grants", "1", (double)table->grants.by_uid.count};
  items[2] = (kms_statistic){"objects.limit", "1", (double)table->capacity};
  items[3] = (kms_statistic){"kept", "By", (double)store->kept_bytes};
  pthread_rwlock_unlock(&store->lock);
  out->items = items;
  out->count = store->keeper == NULL ? COUNT - 1 : COUNT;
  out->owner = (kms_owner){free, items};
  return KMS_OK;
}
