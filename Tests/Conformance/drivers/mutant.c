// The memory driver with one rule of the contract broken, to see the kit find it.
//
// It is compiled with the memory driver's own sources, whose entry is then called `memory_entry`.
// MUTANT in the environment names what is broken; without it nothing is.
#define _POSIX_C_SOURCE 200809L
#include <kms/database.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const kms_plugin *memory_entry(uint16_t host_major);

static const kms_database_driver *real;
static kms_host host;

static bool is(kms_text text, const char *word) {
  return text.size == strlen(word) && memcmp(text.data, word, text.size) == 0;
}

// -- get

static kms_status abort_get(kms_database *database, const kms_call *call, const kms_get *items,
                            size_t count, kms_objects *out, kms_error *error) {
  for (size_t i = 0; i < count; i++)
    if (is(items[i].uid, "nobody")) abort();
  return real->get(database, call, items, count, out, error);
}

static kms_status hang_get(kms_database *database, const kms_call *call, const kms_get *items,
                           size_t count, kms_objects *out, kms_error *error) {
  for (size_t i = 0; i < count; i++)
    while (is(items[i].uid, "nobody")) pause();
  return real->get(database, call, items, count, out, error);
}

static kms_status exit_get(kms_database *database, const kms_call *call, const kms_get *items,
                           size_t count, kms_objects *out, kms_error *error) {
  for (size_t i = 0; i < count; i++)
    if (is(items[i].uid, "nobody")) exit(0);
  return real->get(database, call, items, count, out, error);
}

static kms_status reverse_get(kms_database *database, const kms_call *call, const kms_get *items,
                              size_t count, kms_objects *out, kms_error *error) {
  const kms_status status = real->get(database, call, items, count, out, error);
  if (status != KMS_OK || count < 2) return status;
  kms_object *objects = (kms_object *)out->items, first = objects[0];
  objects[0] = objects[count - 1], objects[count - 1] = first;
  return status;
}

static kms_status forgetful_get(kms_database *database, const kms_call *call, const kms_get *items,
                                size_t count, kms_objects *out, kms_error *error) {
  const kms_status status = real->get(database, call, items, count, out, error);
  if (status == KMS_OK) out->struct_size = 0;
  return status;
}

typedef struct patient_call { kms_call call; const kms_call *impatient; } patient_call;

static bool is_cancelled(const kms_call *call) {
  const kms_call *impatient = ((const patient_call *)call)->impatient;
  return impatient->is_cancelled(impatient);
}

static kms_status late_get(kms_database *database, const kms_call *call, const kms_get *items,
                           size_t count, kms_objects *out, kms_error *error) {
  patient_call patient = {*call, call};
  patient.call.deadline_ns = 0;
  patient.call.is_cancelled = is_cancelled;
  return real->get(database, &patient.call, items, count, out, error);
}

static kms_status copying_get(kms_database *database, const kms_call *call, const kms_get *items,
                              size_t count, kms_objects *out, kms_error *error) {
  const patient_call copy = {*call, NULL};
  return real->get(database, &copy.call, items, count, out, error);
}

static kms_status loud_get(kms_database *database, const kms_call *call, const kms_get *items,
                           size_t count, kms_objects *out, kms_error *error) {
  if (count > 0 && is(items[0].uid, "nobody")) printf("nobody is not here\n");
  return real->get(database, call, items, count, out, error);
}

static kms_status scribbling_get(kms_database *database, const kms_call *call,
                                 const kms_get *items, size_t count, kms_objects *out,
                                 kms_error *error) {
  if (count > 0 && is(items[0].uid, "nobody")) ((kms_get *)items)->parts = 0;
  return real->get(database, call, items, count, out, error);
}

static kms_status keeping_get(kms_database *database, const kms_call *call, const kms_get *items,
                              size_t count, kms_objects *out, kms_error *error) {
  static const kms_get *kept; // lent to an earlier call
  if (kept != NULL && kept->uid.size == 0) count = 0;
  kept = items;
  return real->get(database, call, items, count, out, error);
}

// -- apply

static kms_status piecemeal_apply(kms_database *database, const kms_call *call,
                                  const kms_write *items, size_t count, kms_written *out,
                                  kms_error *error) {
  for (size_t i = 0; i < count; i++) {
    const kms_status status = real->apply(database, call, &items[i], 1, &out[i], error);
    if (status != KMS_OK) return status;
  }
  return KMS_OK;
}

/// Leaves out conditions, or changes rights, before the memory driver sees the writes.
static kms_status changed_apply(kms_database *database, const kms_call *call,
                                const kms_write *items, size_t count, kms_written *out,
                                kms_error *error, uint32_t without, uint64_t rights) {
  kms_write *copy = malloc((count + 1) * sizeof *copy);
  for (size_t i = 0; i < count; i++) {
    copy[i] = items[i];
    copy[i].flags &= ~without;
    copy[i].rights &= rights;
  }
  const kms_status status = real->apply(database, call, copy, count, out, error);
  free(copy);
  return status;
}

static kms_status careless_apply(kms_database *database, const kms_call *call,
                                 const kms_write *items, size_t count, kms_written *out,
                                 kms_error *error) {
  return changed_apply(database, call, items, count, out, error, KMS_IF_OWNER, UINT64_MAX);
}

static kms_status narrow_apply(kms_database *database, const kms_call *call,
                               const kms_write *items, size_t count, kms_written *out,
                               kms_error *error) {
  return changed_apply(database, call, items, count, out, error, 0, INT64_MAX);
}

static kms_status mute_apply(kms_database *database, const kms_call *call, const kms_write *items,
                             size_t count, kms_written *out, kms_error *error) {
  const kms_status status = real->apply(database, call, items, count, out, error);
  if (status != KMS_OK && error->message_capacity > 0) error->message[0] = 0;
  return status;
}

static kms_status hoarding_apply(kms_database *database, const kms_call *call,
                                 const kms_write *items, size_t count, kms_written *out,
                                 kms_error *error) {
  if (host.secure_alloc(host.context, 16) == NULL) return KMS_EXHAUSTED;
  return real->apply(database, call, items, count, out, error);
}

// -- query

static kms_status overfull_query(kms_database *database, const kms_call *call,
                                 const kms_query *query, kms_objects *out, kms_error *error) {
  kms_query more = *query;
  if (query->limit == 7) more.limit = 8;
  return real->query(database, call, &more, out, error);
}

static kms_status unsorted_query(kms_database *database, const kms_call *call,
                                 const kms_query *query, kms_objects *out, kms_error *error) {
  const kms_status status = real->query(database, call, query, out, error);
  if (status != KMS_OK || out->count < 3 || !(query->flags & KMS_QUERY_NEWEST)) return status;
  kms_object *objects = (kms_object *)out->items, first = objects[0];
  objects[0] = objects[1], objects[1] = first;
  return status;
}

static kms_status generous_query(kms_database *database, const kms_call *call,
                                 const kms_query *query, kms_objects *out, kms_error *error) {
  kms_query more = *query;
  more.rights = 0;
  return real->query(database, call, &more, out, error);
}

static kms_status blind_query(kms_database *database, const kms_call *call, const kms_query *query,
                              kms_objects *out, kms_error *error) {
  const kms_status status = real->query(database, call, query, out, error);
  if (status == KMS_OK) out->flags &= ~(uint32_t)KMS_OBJECTS_INEXACT;
  return status;
}

static kms_database_driver table(void) {
  kms_database_driver broken = *real;
  const char *name = getenv("MUTANT");
  if (name == NULL) return broken;
#define MUTANT(text, member, function) \
  if (strcmp(name, text) == 0) broken.member = function
  MUTANT("abort", get, abort_get);
  MUTANT("hang", get, hang_get);
  MUTANT("exit", get, exit_get);
  MUTANT("reverse", get, reverse_get);
  MUTANT("forgetful", get, forgetful_get);
  MUTANT("late", get, late_get);
  MUTANT("copying", get, copying_get);
  MUTANT("loud", get, loud_get);
  MUTANT("scribbling", get, scribbling_get);
  MUTANT("keeping", get, keeping_get);
  MUTANT("piecemeal", apply, piecemeal_apply);
  MUTANT("careless", apply, careless_apply);
  MUTANT("narrow", apply, narrow_apply);
  MUTANT("mute", apply, mute_apply);
  MUTANT("hoarding", apply, hoarding_apply);
  MUTANT("overfull", query, overfull_query);
  MUTANT("unsorted", query, unsorted_query);
  MUTANT("generous", query, generous_query);
  MUTANT("blind", query, blind_query);
  MUTANT("changeless", changes, NULL);
#undef MUTANT
  return broken;
}

static kms_status start(const kms_host *given, kms_error *error) {
  host = *given;
  const char *name = getenv("MUTANT");
  if (name != NULL && strcmp(name, "stillborn") == 0) abort();
  return memory_entry(KMS_ABI_MAJOR)->init(given, error);
}

static void stop(void) { memory_entry(KMS_ABI_MAJOR)->deinit(); }

static const void *find_interface(const char *id) {
  static kms_database_driver broken;
  real = memory_entry(KMS_ABI_MAJOR)->get_interface(id);
  if (real == NULL) return NULL;
  broken = table();
  return &broken;
}

__attribute__((visibility("default"))) const kms_plugin *kms_plugin_entry(uint16_t host_major);
const kms_plugin *kms_plugin_entry(uint16_t host_major) {
  static kms_plugin plugin;
  const kms_plugin *memory = memory_entry(host_major);
  if (memory == NULL) return NULL;
  plugin = *memory;
  plugin.init = start;
  plugin.deinit = stop;
  plugin.get_interface = find_interface;
  return &plugin;
}
