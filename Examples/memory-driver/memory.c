// A database driver that keeps everything in memory: complete, small, and a place to start from.
// This file says who the driver is and does what concerns a database as a whole.

#include <stdio.h>
#include <stdlib.h>
#include "memory.h"

#define VERSION "1.0.0"
#define SCHEMA "1"

kms_host host;

kms_status fail(kms_error *error, kms_status status, const char *message) {
  if (status == KMS_UPGRADING) error->flags |= KMS_ERROR_RETRYABLE;
  if (error->message_capacity > 0) // all our messages are ASCII: no character to cut in half
    snprintf(error->message, error->message_capacity, "%s", message);
  return status;
}

kms_status refuse(kms_error *error, kms_status status) {
  switch (status) {
    case KMS_UPGRADING: return fail(error, status, "the schema is not ready");
    case KMS_WOULD_BLOCK: return fail(error, status, "not at hand");
    case KMS_CANCELLED: return fail(error, status, "cancelled");
    case KMS_DEADLINE: return fail(error, status, "the deadline has passed");
    case KMS_EXHAUSTED: return fail(error, status, "out of memory");
    default: return fail(error, status, "unexpected");
  }
}

kms_status call_status(const kms_call *call) {
  if (call->is_cancelled(call)) return KMS_CANCELLED;
  const bool is_late =
      call->deadline_ns != 0 && host.monotonic_ns(host.context) >= call->deadline_ns;
  return is_late ? KMS_DEADLINE : KMS_OK;
}

static const char *const serves[] = {"memory", NULL};

static const kms_option options[] = {
  {
    .name = "memory-max-objects", .type = KMS_OPTION_INTEGER, .default_value = "1000000",
    .minimum = 1, .maximum = 100000000,
    .help = "Most objects, and most grants, that are kept",
  },
  {
    .name = "memory-name", .type = KMS_OPTION_TEXT,
    .help = "Database shared by all handles of this process that give the same name",
  },
};

static const kms_setting *find_setting(const kms_database_open *given, const char *name) {
  const kms_text wanted = {name, strlen(name)};
  for (size_t i = 0; i < given->setting_count; i++)
    if (same_text(given->settings[i].name, wanted)) return &given->settings[i];
  return NULL;
}

static kms_status memory_open(const kms_database_open *given, const kms_call *call,
                              kms_database **out, kms_error *error) {
  if (given->tenant.size > 0) return fail(error, KMS_UNSUPPORTED, "memory has no tenants");
  if (given->flags & KMS_OPEN_FOREIGN)
    return fail(error, KMS_UNSUPPORTED, "nothing to import from memory");
  const kms_status status = call_status(call);
  if (status != KMS_OK) return refuse(error, status);

  const kms_setting *capacity = find_setting(given, "memory-max-objects");
  const kms_setting *name = find_setting(given, "memory-name");
  kms_database *database = malloc(sizeof *database);
  if (database == NULL) return refuse(error, KMS_EXHAUSTED);
  database->is_read_only = (given->flags & KMS_OPEN_READ_ONLY) != 0;
  database->store = store_take(name == NULL ? (kms_text){0} : name->text,
                               capacity == NULL ? 1000000 : (size_t)capacity->number);
  if (database->store == NULL) {
    free(database);
    return refuse(error, KMS_EXHAUSTED);
  }
  *out = database;
  return KMS_OK;
}

static void memory_close(kms_database *database) {
  store_give_back(database->store);
  free(database);
}

static kms_status memory_health(kms_database *database, const kms_call *call,
                                kms_error *error) {
  (void)database;
  const kms_status status = call_status(call);
  return status == KMS_OK ? KMS_OK : refuse(error, status);
}

static void memory_cancel(kms_database *database, uint64_t call_id) {
  feed_cancel(&database->store->feed, call_id); // nothing else waits
}

// There is no schema to speak of, but the host goes through the same motions.

static kms_status memory_context(kms_database *database, const kms_call *call, kms_context *out,
                                 kms_error *error) {
  kms_status status = call_status(call);
  if (status != KMS_OK) return refuse(error, status);

  store *store = database->store;
  pthread_rwlock_rdlock(&store->lock);
  out->state = store->is_ready ? KMS_SCHEMA_READY : KMS_SCHEMA_EMPTY;
  snprintf(out->version, sizeof out->version, "%s", store->version);
  snprintf(out->schema, sizeof out->schema, "%s", store->is_ready ? SCHEMA : "");
  pthread_rwlock_unlock(&store->lock);
  snprintf(out->supported, sizeof out->supported, "%s", SCHEMA);
  snprintf(out->backend, sizeof out->backend, "memory %s", VERSION);
  return KMS_OK;
}

static kms_status memory_migrate(kms_database *database, const kms_call *call,
                                 kms_error *error) {
  kms_status status = call_status(call);
  if (status != KMS_OK) return refuse(error, status);
  if (database->is_read_only) return fail(error, KMS_UNAVAILABLE, "opened read-only");

  store *store = database->store;
  pthread_rwlock_wrlock(&store->lock);
  store->is_ready = true;
  // One process has one host: no newer one can have been here before.
  snprintf(store->version, sizeof store->version, "%s", host.version);
  pthread_rwlock_unlock(&store->lock);
  return KMS_OK;
}

static kms_status memory_plan(kms_database *database, const kms_call *call, kms_texts *out,
                              kms_error *error) {
  kms_status status = call_status(call);
  if (status != KMS_OK) return refuse(error, status);

  static const char statement[] = "mark the empty database as ready";
  static const kms_text plan[] = {{statement, sizeof statement - 1}};
  pthread_rwlock_rdlock(&database->store->lock);
  const bool is_ready = database->store->is_ready;
  pthread_rwlock_unlock(&database->store->lock);
  out->items = plan;
  out->count = is_ready ? 0 : 1;
  out->owner = (kms_owner){0}; // static: nothing to free
  return KMS_OK;
}

static kms_status memory_clear(kms_database *database, const kms_call *call, bool force,
                               kms_error *error) {
  kms_status status = call_status(call);
  if (status != KMS_OK) return refuse(error, status);
  if (database->is_read_only) return fail(error, KMS_UNAVAILABLE, "opened read-only");

  if (!store_clear(database->store, force))
    return fail(error, KMS_CONFLICT, "another handle is open on this database");
  return KMS_OK;
}

static kms_status memory_statistics(kms_database *database, const kms_call *call,
                                    kms_statistics *out, kms_error *error) {
  kms_status status = call_status(call);
  if (status != KMS_OK) return refuse(error, status);
  enum { COUNT = 3 };
  kms_statistic *items = malloc(COUNT * sizeof *items);
  if (items == NULL) return refuse(error, KMS_EXHAUSTED);

  store *store = database->store;
  pthread_rwlock_rdlock(&store->lock);
  const table *table = &store->table;
  items[0] = (kms_statistic){"objects", "1", (double)table->objects.by_uid.count};
  items[1] = (kms_statistic){"grants", "1", (double)table->grants.by_uid.count};
  items[2] = (kms_statistic){"objects.limit", "1", (double)table->capacity};
  pthread_rwlock_unlock(&store->lock);
  out->items = items;
  out->count = COUNT;
  out->owner = (kms_owner){free, items};
  return KMS_OK;
}

static const kms_database_driver driver = {
  .struct_size = sizeof driver,
  .quick = KMS_QUICK_GET | KMS_QUICK_QUERY | KMS_QUICK_GRANTS,
  .writers = 1,
  .open = memory_open,
  .close = memory_close,
  .health = memory_health,
  .cancel = memory_cancel,
  .context = memory_context,
  .migrate = memory_migrate,
  .plan = memory_plan,
  .clear = memory_clear,
  .get = memory_get,
  .query = memory_query,
  .apply = memory_apply,
  .grants = memory_grants,
  .changes = memory_changes,
  .statistics = memory_statistics,
};

static const kms_plugin_info info = {
  .struct_size = sizeof info,
  .kind = KMS_DATABASE,
  .id = "org.claviger.kms.memory",
  .name = "Memory",
  .version = VERSION,
  .vendor = "Claviger",
  .license = "Apache-2.0",
  .summary = "Keeps everything in memory and loses it at exit: for tests and trials",
  .serves = serves,
  .options = options,
  .option_count = sizeof options / sizeof *options,
  .option_stride = sizeof *options,
  .flags = KMS_PLUGIN_VOLATILE | KMS_PLUGIN_SINGLE_PROCESS,
};

static kms_status start(const kms_host *given, kms_error *error) {
  memcpy(&host, given, given->struct_size < sizeof host ? given->struct_size : sizeof host);
  host.struct_size = sizeof host;
  const bool is_complete = host.secure_alloc != NULL && host.secure_free != NULL &&
                           host.random != NULL && host.monotonic_ns != NULL;
  return is_complete ? KMS_OK : fail(error, KMS_UNSUPPORTED, "the host lacks a service");
}

static void stop(void) { memset(&host, 0, sizeof host); }

static const void *find_interface(const char *id) {
  return strcmp(id, KMS_DATABASE_INTERFACE) == 0 ? &driver : NULL;
}

__attribute__((visibility("default"))) const kms_plugin *kms_plugin_entry(uint16_t host_major);
const kms_plugin *kms_plugin_entry(uint16_t host_major) {
  static const kms_plugin plugin = {
    .struct_size = sizeof plugin,
    .abi_major = KMS_ABI_MAJOR,
    .abi_minor = KMS_ABI_MINOR,
    .info = &info,
    .init = start,
    .deinit = stop,
    .get_interface = find_interface,
  };
  return host_major == KMS_ABI_MAJOR ? &plugin : NULL;
}
