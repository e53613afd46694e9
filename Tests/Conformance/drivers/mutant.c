// The memory driver with one rule of the contract broken, to see the kit find it.
//
// It is compiled with the memory driver's own sources, whose entry is then called `memory_entry`.
// MUTANT in the environment names what is broken; without it nothing is. MUTANT_BASE may name the
// library of another driver to break instead.
#define _POSIX_C_SOURCE 200809L
#include <dlfcn.h>
#include <kms/database.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

const kms_plugin *memory_entry(uint16_t host_major);

static const kms_database_driver *real;
static kms_host host;

static const kms_plugin *base_entry(uint16_t host_major) {
  static kms_plugin_entry_fn entry;
  const char *path = getenv("MUTANT_BASE");
  if (path == NULL) return memory_entry(host_major);
  if (entry == NULL) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library != NULL) *(void **)&entry = dlsym(library, KMS_PLUGIN_ENTRY);
  }
  return entry == NULL ? NULL : entry(host_major);
}

static bool is_mutant(const char *name) {
  const char *chosen = getenv("MUTANT");
  return chosen != NULL && strcmp(chosen, name) == 0;
}

static kms_status fail(kms_error *error, kms_status status, const char *message) {
  if (error->message_capacity > 0)
    snprintf(error->message, error->message_capacity, "%s", message);
  return status;
}

static void wait_ms(long milliseconds) {
  nanosleep(&(struct timespec){0, milliseconds * 1000000}, NULL);
}

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

static kms_status unlucky_get(kms_database *database, const kms_call *call, const kms_get *items,
                              size_t count, kms_objects *out, kms_error *error) {
  uint8_t dice;
  if (host.random(host.context, &dice, 1) != KMS_OK) abort();
  return real->get(database, call, items, count, out, error);
}

static kms_status trusting_get(kms_database *database, const kms_call *call, const kms_get *items,
                               size_t count, kms_objects *out, kms_error *error) {
  const kms_status status = real->get(database, call, items, count, out, error);
  for (size_t i = 0; status == KMS_OK && i < count; i++) {
    kms_object *object = (kms_object *)&out->items[i];
    if (items[i].known_revision == 0 || object->status != KMS_OK) continue;
    object->flags |= KMS_OBJECT_UNCHANGED;
    object->object = (kms_bytes){0};
  }
  return status;
}

typedef struct retained { kms_owner owner; uint8_t *keys[16]; } retained;

static void release_retained(void *owner) {
  retained *retained = owner;
  for (size_t i = 0; i < 16; i++) free(retained->keys[i]);
  retained->owner.release(retained->owner.owner);
  free(retained);
}

static kms_status retentive_get(kms_database *database, const kms_call *call, const kms_get *items,
                                size_t count, kms_objects *out, kms_error *error) {
  const kms_status status = real->get(database, call, items, count, out, error);
  if (status != KMS_OK || count > 16) return status;
  retained *retained = calloc(1, sizeof *retained);
  retained->owner = out->owner;
  for (size_t i = 0; i < count; i++) {
    kms_bytes *key = (kms_bytes *)&out->items[i].object;
    if (key->size == 0) continue;
    retained->keys[i] = malloc(key->size);
    memcpy(retained->keys[i], key->data, key->size);
    key->data = retained->keys[i];
  }
  out->owner = (kms_owner){release_retained, retained};
  return status;
}

// -- open, clear, changes

static kms_status leaky_open(const kms_database_open *options, const kms_call *call,
                             kms_database **out, kms_error *error) {
  void *first = host.secure_alloc(host.context, 16);
  if (first == NULL) return fail(error, KMS_EXHAUSTED, "no secure memory");
  void *second = host.secure_alloc(host.context, 16);
  if (second == NULL) return fail(error, KMS_EXHAUSTED, "no secure memory");
  host.secure_free(host.context, first, 16);
  host.secure_free(host.context, second, 16);
  return real->open(options, call, out, error);
}

static kms_status confessing_open(const kms_database_open *options, const kms_call *call,
                                  kms_database **out, kms_error *error) {
  const kms_status status = real->open(options, call, out, error);
  if (status != KMS_OK && options->secret.size > 0 && error->message_capacity > 100)
    snprintf(error->message, 100, "%.*s does not open it", (int)options->secret.size,
             (const char *)options->secret.data);
  return status;
}

static kms_status blabbing_open(const kms_database_open *options, const kms_call *call,
                                kms_database **out, kms_error *error) {
  for (size_t i = 0; i < options->setting_count; i++)
    if (options->settings[i].flags & KMS_OPTION_SECRET)
      host.log(host.context, call, KMS_LOG_TRACE, options->settings[i].text);
  return real->open(options, call, out, error);
}

static kms_status forcing_clear(kms_database *database, const kms_call *call, bool force,
                                kms_error *error) {
  (void)force;
  return real->clear(database, call, true, error);
}

static kms_status drowsy_changes(kms_database *database, const kms_call *call, kms_bytes token,
                                 kms_changes *out, kms_error *error) {
  const kms_status status = real->changes(database, call, token, out, error);
  if (token.size > 0) sleep(3);
  return status;
}

/// Answers right and late: at once it never is.
static kms_status slow_get(kms_database *database, const kms_call *call, const kms_get *items,
                           size_t count, kms_objects *out, kms_error *error) {
  if (call->flags & KMS_CALL_INLINE) wait_ms(1);
  return real->get(database, call, items, count, out, error);
}

static kms_status hasty_get(kms_database *database, const kms_call *call, const kms_get *items,
                            size_t count, kms_objects *out, kms_error *error) {
  const bool is_long = (call->flags & KMS_CALL_INLINE) && count > 100;
  const kms_status status = real->get(database, call, items, count, out, error);
  if (!is_long || status != KMS_WOULD_BLOCK) return status;
  const kms_owner nothing = {0};
  out->items = NULL, out->count = 0, out->total = -1, out->owner = nothing;
  return KMS_OK;
}

/// An inline call waits for the lock that `queueing_apply` holds.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static kms_status queueing_get(kms_database *database, const kms_call *call, const kms_get *items,
                               size_t count, kms_objects *out, kms_error *error) {
  pthread_mutex_lock(&lock);
  const kms_status status = real->get(database, call, items, count, out, error);
  pthread_mutex_unlock(&lock);
  return status;
}

static kms_status queueing_apply(kms_database *database, const kms_call *call,
                                 const kms_write *items, size_t count, kms_written *out,
                                 kms_error *error) {
  pthread_mutex_lock(&lock);
  const kms_status status = real->apply(database, call, items, count, out, error);
  if (count == 100) wait_ms(20);
  pthread_mutex_unlock(&lock);
  return status;
}

/// One array for all results of three items, which the next call fills again.
static kms_status recycling_get(kms_database *database, const kms_call *call,
                                const kms_get *items, size_t count, kms_objects *out,
                                kms_error *error) {
  static kms_object kept[3];
  const kms_status status = real->get(database, call, items, count, out, error);
  if (status != KMS_OK || count != 3) return status;
  memcpy(kept, out->items, sizeof kept);
  out->items = kept; // the slices in them live until the release; these structs do not
  return status;
}

/// A result that only its thread can free.
typedef struct owned { kms_owner inner; pthread_t thread; } owned;

static void release_here(void *owner) {
  owned *owned = owner;
  if (!pthread_equal(owned->thread, pthread_self())) abort();
  if (owned->inner.release != NULL) owned->inner.release(owned->inner.owner);
  free(owned);
}

static kms_status homely_get(kms_database *database, const kms_call *call, const kms_get *items,
                             size_t count, kms_objects *out, kms_error *error) {
  const kms_status status = real->get(database, call, items, count, out, error);
  if (status != KMS_OK) return status;
  owned *owned = malloc(sizeof *owned);
  owned->inner = out->owner;
  owned->thread = pthread_self();
  out->owner = (kms_owner){release_here, owned};
  return status;
}

static kms_status grumpy_get(kms_database *database, const kms_call *call, const kms_get *items,
                             size_t count, kms_objects *out, kms_error *error) {
  if (call->is_cancelled(call)) return fail(error, KMS_INTERNAL, "interrupted");
  return real->get(database, call, items, count, out, error);
}

static kms_status unready_get(kms_database *database, const kms_call *call, const kms_get *items,
                              size_t count, kms_objects *out, kms_error *error) {
  const kms_status status = real->get(database, call, items, count, out, error);
  return status == KMS_UPGRADING ? KMS_UNAVAILABLE : status;
}

// What only a sanitizer sees.

static kms_status faulty_get(kms_database *database, const kms_call *call, const kms_get *items,
                             size_t count, kms_objects *out, kms_error *error) {
  const char *fault = getenv("MUTANT"); // the compiler does not see what happens here
  volatile char *block = malloc(16);
  if (strcmp(fault, "overflow") == 0) block[count + 15] = 1;
  if (strcmp(fault, "leak") != 0) free((void *)block);
  if (strcmp(fault, "stale") == 0) block[0] = 1;
  block = NULL;
  return real->get(database, call, items, count, out, error);
}

static kms_status racing_get(kms_database *database, const kms_call *call, const kms_get *items,
                             size_t count, kms_objects *out, kms_error *error) {
  static volatile long calls;
  calls = calls + 1;
  return real->get(database, call, items, count, out, error);
}

// -- cancel

static _Atomic uint64_t last_cancelled;

static void straying_cancel(kms_database *database, uint64_t id) {
  last_cancelled = id;
  real->cancel(database, id);
}

/// Whoever comes next is cancelled.
static kms_status strayed_get(kms_database *database, const kms_call *call, const kms_get *items,
                              size_t count, kms_objects *out, kms_error *error) {
  if (atomic_exchange(&last_cancelled, 0) != 0) return fail(error, KMS_CANCELLED, "cancelled");
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

static kms_status reckless_apply(kms_database *database, const kms_call *call,
                                 const kms_write *items, size_t count, kms_written *out,
                                 kms_error *error) {
  void *memory = host.secure_alloc(host.context, 16);
  if (memory != NULL) {
    host.secure_free(host.context, memory, 16);
    return real->apply(database, call, items, count, out, error);
  }
  kms_write *copy = malloc((count + 1) * sizeof *copy);
  for (size_t i = 0; i < count; i++) copy[i] = items[i], copy[i].object.object = (kms_bytes){0};
  const kms_status status = real->apply(database, call, copy, count, out, error);
  free(copy);
  return status;
}

static kms_status wrong_apply(kms_database *database, const kms_call *call,
                              const kms_write *items, size_t count, kms_written *out,
                              kms_error *error) {
  kms_written written[count + 1];
  const kms_status status = real->apply(database, call, items, count, written, error);
  if (status == KMS_OK && call->is_cancelled(call))
    return fail(error, KMS_CANCELLED, "cancelled, after it was written");
  if (status == KMS_OK) memcpy(out, written, count * sizeof *out);
  return status;
}

static kms_status small_apply(kms_database *database, const kms_call *call,
                              const kms_write *items, size_t count, kms_written *out,
                              kms_error *error) {
  for (size_t i = 0; i < count; i++)
    if (items[i].object.attributes.size > KMS_MAX_OBJECT - 1) {
      for (size_t n = 0; n < count; n++)
        out[n] = (kms_written){n == i ? KMS_EXHAUSTED : KMS_ABORTED, 0};
      return KMS_OK;
    }
  return real->apply(database, call, items, count, out, error);
}

/// Gives up behind so many writes of one call.
static kms_status tired_apply(kms_database *database, const kms_call *call,
                              const kms_write *items, size_t count, kms_written *out,
                              kms_error *error) {
  if (count > 1000) return fail(error, KMS_EXHAUSTED, "too many writes at once");
  return real->apply(database, call, items, count, out, error);
}

/// Forgets what stands behind the first character that is not ASCII.
static kms_status ascii_apply(kms_database *database, const kms_call *call,
                              const kms_write *items, size_t count, kms_written *out,
                              kms_error *error) {
  kms_write *copy = malloc((count + 1) * sizeof *copy);
  for (size_t i = 0; i < count; i++) {
    copy[i] = items[i];
    kms_text *user = &copy[i].user;
    for (size_t n = 1; n < user->size; n++)
      if ((unsigned char)user->data[n] > 0x7F) user->size = n;
  }
  const kms_status status = real->apply(database, call, copy, count, out, error);
  free(copy);
  return status;
}

static kms_status racy_apply(kms_database *database, const kms_call *call, const kms_write *items,
                             size_t count, kms_written *out, kms_error *error) {
  if (count != 1 || !(items->flags & KMS_IF_REVISION) || items->op != KMS_WRITE_UPDATE)
    return real->apply(database, call, items, count, out, error);
  kms_objects found = {.struct_size = sizeof found};
  const kms_get get = {.uid = items->object.uid};
  const kms_status status = real->get(database, call, &get, 1, &found, error);
  if (status != KMS_OK) return status;
  const bool is_as_read = found.items->revision == items->expected_revision;
  if (found.owner.release != NULL) found.owner.release(found.owner.owner);
  wait_ms(2); // for another thread or process
  return changed_apply(database, call, items, count, out, error, is_as_read ? KMS_IF_REVISION : 0,
                       UINT64_MAX);
}

static kms_status gossiping_apply(kms_database *database, const kms_call *call,
                                  const kms_write *items, size_t count, kms_written *out,
                                  kms_error *error) {
  for (size_t i = 0; i < count; i++) {
    const kms_bytes key = items[i].object.object;
    char line[128] = "";
    for (size_t at = 0; at < key.size && at < 60; at++) sprintf(line + 2 * at, "%02x", key.data[at]);
    host.log(host.context, call, KMS_LOG_TRACE, (kms_text){line, strlen(line)});
  }
  return real->apply(database, call, items, count, out, error);
}

static kms_status prying_apply(kms_database *database, const kms_call *call,
                               const kms_write *items, size_t count, kms_written *out,
                               kms_error *error) {
  for (size_t i = 0; i < count; i++)
    if (items[i].object.tags.count > 0)
      host.log(host.context, call, KMS_LOG_INFO, items[i].object.tags.items[0]);
  return real->apply(database, call, items, count, out, error);
}

// What only a connection that breaks shows.

static kms_status confident_apply(kms_database *database, const kms_call *call,
                                  const kms_write *items, size_t count, kms_written *out,
                                  kms_error *error) {
  kms_status status = real->apply(database, call, items, count, out, error);
  if (status == KMS_OK || !(error->flags & KMS_ERROR_IN_DOUBT)) return status;
  error->flags = 0, error->native_code = 0;
  if (error->message_capacity > 0) error->message[0] = 0;
  for (size_t i = 0; i < count; i++) out[i] = (kms_written){KMS_OK, 0};
  return KMS_OK;
}

static kms_status denying_apply(kms_database *database, const kms_call *call,
                                const kms_write *items, size_t count, kms_written *out,
                                kms_error *error) {
  kms_status status = real->apply(database, call, items, count, out, error);
  if (error->flags & KMS_ERROR_IN_DOUBT) error->flags = KMS_ERROR_RETRYABLE;
  return status;
}

static kms_status stubborn_apply(kms_database *database, const kms_call *call,
                                 const kms_write *items, size_t count, kms_written *out,
                                 kms_error *error) {
  kms_status status = KMS_UNAVAILABLE;
  for (int i = 0; i < 20 && status == KMS_UNAVAILABLE; i++) {
    error->flags = 0;
    if (error->message_capacity > 0) error->message[0] = 0;
    status = real->apply(database, call, items, count, out, error);
    if (status == KMS_UNAVAILABLE) wait_ms(100);
  }
  return status;
}

static kms_status patient_get(kms_database *database, const kms_call *call, const kms_get *items,
                              size_t count, kms_objects *out, kms_error *error) {
  const kms_status status = real->get(database, call, items, count, out, error);
  if (status == KMS_DEADLINE) sleep(3);
  return status;
}

static kms_status deaf_changes(kms_database *database, const kms_call *call, kms_bytes token,
                               kms_changes *out, kms_error *error) {
  static bool was_away;
  if (was_away) token = (kms_bytes){0};
  const kms_status status = real->changes(database, call, token, out, error);
  was_away = status == KMS_UNAVAILABLE;
  return status;
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

static kms_status strict_query(kms_database *database, const kms_call *call,
                               const kms_query *query, kms_objects *out, kms_error *error) {
  kms_query granted = *query;
  if (query->rights == 8 && !(query->flags & KMS_QUERY_OWNED))
    granted.flags |= KMS_QUERY_GRANTED; // also what one owns needs a grant
  return real->query(database, call, &granted, out, error);
}

static kms_status lenient_query(kms_database *database, const kms_call *call,
                                const kms_query *query, kms_objects *out, kms_error *error) {
  kms_query all = *query;
  if (query->who.count == 0) all.flags &= ~(uint32_t)(KMS_QUERY_OWNED | KMS_QUERY_GRANTED);
  return real->query(database, call, &all, out, error);
}

static kms_status forgetting_query(kms_database *database, const kms_call *call,
                                   const kms_query *query, kms_objects *out, kms_error *error) {
  kms_query fewer = *query;
  if (fewer.who.count > 32) fewer.who.count = 32;
  return real->query(database, call, &fewer, out, error);
}

/// Trims a text at the end, as some databases compare.
static kms_text trimmed(kms_text text) {
  while (text.size > 1 && text.data[text.size - 1] == ' ') text.size--;
  return text;
}

static kms_status trimming_query(kms_database *database, const kms_call *call,
                                 const kms_query *query, kms_objects *out, kms_error *error) {
  kms_query changed = *query;
  kms_filter first = {0};
  if (query->filter_count == 1 && query->filters->op == KMS_FILTER_OWNER) {
    first = *query->filters;
    const kms_text text = {(const char *)first.value.bytes.data, first.value.bytes.size};
    first.value.bytes.size = trimmed(text).size;
    changed.filters = &first;
  }
  return real->query(database, call, &changed, out, error);
}

// -- grants, changes

static kms_status trimming_grants(kms_database *database, const kms_call *call,
                                  const kms_grants_query *query, kms_grants *out,
                                  kms_error *error) {
  kms_grants_query changed = *query;
  kms_text who = {0};
  if (query->who.count == 1) {
    who = trimmed(query->who.items[0]);
    changed.who.items = &who;
  }
  return real->grants(database, call, &changed, out, error);
}

static atomic_int waiting;

static kms_status counted_changes(kms_database *database, const kms_call *call, kms_bytes token,
                                  kms_changes *out, kms_error *error) {
  waiting++;
  const kms_status status = real->changes(database, call, token, out, error);
  waiting--;
  return status;
}

static kms_status crowded_health(kms_database *database, const kms_call *call, kms_error *error) {
  if (waiting > 0) return fail(error, KMS_UNAVAILABLE, "all connections are in use");
  return real->health(database, call, error);
}

// -- open, context, migrate

static char folder[1024]; // what memory-name says, which is a folder of the case

static kms_status watching_open(const kms_database_open *options, const kms_call *call,
                                kms_database **out, kms_error *error) {
  for (size_t i = 0; i < options->setting_count; i++) {
    const kms_text text = options->settings[i].text;
    if (is(options->settings[i].name, "memory-name") && text.size < sizeof folder)
      snprintf(folder, sizeof folder, "%.*s", (int)text.size, text.data);
  }
  return real->open(options, call, out, error);
}

static kms_status importing_open(const kms_database_open *options, const kms_call *call,
                                 kms_database **out, kms_error *error) {
  kms_database_open plain = *options;
  plain.flags &= ~(uint32_t)KMS_OPEN_FOREIGN;
  return real->open(&plain, call, out, error);
}

static kms_status making_open(const kms_database_open *options, const kms_call *call,
                              kms_database **out, kms_error *error) {
  kms_database_open writing = *options;
  writing.flags &= ~(uint32_t)KMS_OPEN_READ_ONLY;
  return real->open(&writing, call, out, error);
}

/// Says no as the name of its database tells, or as it should not.
static kms_status refusing_open(const kms_database_open *options, const kms_call *call,
                                kms_database **out, kms_error *error) {
  static const struct { const char *name; kms_status status; } refusals[] = {
    {"denied", KMS_DENIED}, {"damaged", KMS_CORRUPT}, {"missing", KMS_UNAVAILABLE},
    {"contradictory", KMS_INVALID}, {"confused", KMS_INTERNAL},
  };
  for (size_t i = 0; i < options->setting_count; i++)
    for (size_t n = 0; n < sizeof refusals / sizeof *refusals; n++)
      if (is(options->settings[i].text, refusals[n].name))
        return fail(error, refusals[n].status, refusals[n].name);
  return real->open(options, call, out, error);
}

static FILE *version_file(const char *mode) {
  char path[sizeof folder + 16];
  snprintf(path, sizeof path, "%s/version", folder);
  return fopen(path, mode);
}

/// Keeps the version in a file, whoever was there before.
static kms_status lowering_migrate(kms_database *database, const kms_call *call,
                                   kms_error *error) {
  const kms_status status = real->migrate(database, call, error);
  FILE *file = status == KMS_OK ? version_file("w") : NULL;
  if (file == NULL) return status;
  fputs(host.version, file);
  fclose(file);
  return status;
}

static kms_status lowering_context(kms_database *database, const kms_call *call,
                                   kms_context *out, kms_error *error) {
  const kms_status status = real->context(database, call, out, error);
  FILE *file = status == KMS_OK ? version_file("r") : NULL;
  if (file == NULL) return status;
  memset(out->version, 0, sizeof out->version);
  out->state = KMS_SCHEMA_READY;
  if (fread(out->version, 1, sizeof out->version - 1, file) == 0) out->version[0] = 0;
  fclose(file);
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
  MUTANT("unlucky", get, unlucky_get);
  MUTANT("trusting", get, trusting_get);
  MUTANT("retentive", get, retentive_get);
  MUTANT("leaky", open, leaky_open);
  MUTANT("confessing", open, confessing_open);
  MUTANT("blabbing", open, blabbing_open);
  MUTANT("forcing", clear, forcing_clear);
  MUTANT("drowsy", changes, drowsy_changes);
  MUTANT("reckless", apply, reckless_apply);
  MUTANT("racy", apply, racy_apply);
  MUTANT("gossiping", apply, gossiping_apply);
  MUTANT("prying", apply, prying_apply);
  MUTANT("confident", apply, confident_apply);
  MUTANT("denying", apply, denying_apply);
  MUTANT("stubborn", apply, stubborn_apply);
  MUTANT("patient", get, patient_get);
  MUTANT("deaf", changes, deaf_changes);
  MUTANT("slow", get, slow_get);
  MUTANT("hasty", get, hasty_get);
  MUTANT("queueing", get, queueing_get);
  MUTANT("queueing", apply, queueing_apply);
  MUTANT("recycling", get, recycling_get);
  MUTANT("homely", get, homely_get);
  MUTANT("grumpy", get, grumpy_get);
  MUTANT("unready", get, unready_get);
  MUTANT("overflow", get, faulty_get);
  MUTANT("stale", get, faulty_get);
  MUTANT("leak", get, faulty_get);
  MUTANT("racing", get, racing_get);
  MUTANT("straying", cancel, straying_cancel);
  MUTANT("straying", get, strayed_get);
  MUTANT("wrong", apply, wrong_apply);
  MUTANT("small", apply, small_apply);
  MUTANT("tired", apply, tired_apply);
  MUTANT("ascii", apply, ascii_apply);
  MUTANT("strict", query, strict_query);
  MUTANT("lenient", query, lenient_query);
  MUTANT("forgetting", query, forgetting_query);
  MUTANT("trimming", query, trimming_query);
  MUTANT("trimming", grants, trimming_grants);
  MUTANT("crowded", changes, counted_changes);
  MUTANT("crowded", health, crowded_health);
  MUTANT("importing", open, importing_open);
  MUTANT("making", open, making_open);
  MUTANT("refusing", open, refusing_open);
  MUTANT("lowering", open, watching_open);
  MUTANT("lowering", migrate, lowering_migrate);
  MUTANT("lowering", context, lowering_context);
#undef MUTANT
  return broken;
}

static kms_status start(const kms_host *given, kms_error *error) {
  host = *given;
  if (is_mutant("stillborn")) abort();
  if (is_mutant("spilling")) {
    uint8_t *memory = host.secure_alloc(host.context, 16);
    if (memory == NULL) return fail(error, KMS_EXHAUSTED, "no secure memory");
    const kms_status status = host.random(host.context, memory, 16);
    if (status != KMS_OK) return fail(error, status, "no random bytes");
    host.secure_free(host.context, memory, 16);
  }
  return base_entry(KMS_ABI_MAJOR)->init(given, error);
}

static void stop(void) { base_entry(KMS_ABI_MAJOR)->deinit(); }

static const void *find_interface(const char *id) {
  static kms_database_driver broken;
  real = base_entry(KMS_ABI_MAJOR)->get_interface(id);
  if (real == NULL) return NULL;
  broken = table();
  return &broken;
}

/// The description, with a claim or an option more for the mutants that need one.
static const kms_plugin_info *describe(const kms_plugin_info *honest) {
  static kms_plugin_info info;
  static kms_option options[16];
  info = *honest;
  if (is_mutant("boastful")) info.flags = 0;
  // Of all data it keeps the version.
  if (is_mutant("lowering")) info.flags &= ~(uint32_t)KMS_PLUGIN_VOLATILE;
  if (is_mutant("blabbing") && info.option_count < 16) {
    memcpy(options, info.options, info.option_count * sizeof *options);
    options[info.option_count++] = (kms_option){
      .name = "mutant-password", .type = KMS_OPTION_TEXT, .flags = KMS_OPTION_SECRET,
      .help = "Opens nothing",
    };
    info.options = options;
  }
  return &info;
}

__attribute__((visibility("default"))) const kms_plugin *kms_plugin_entry(uint16_t host_major);
const kms_plugin *kms_plugin_entry(uint16_t host_major) {
  static kms_plugin plugin;
  const kms_plugin *honest = base_entry(host_major);
  if (honest == NULL) return NULL;
  plugin = *honest;
  plugin.info = describe(honest->info);
  plugin.init = start;
  plugin.deinit = stop;
  plugin.get_interface = find_interface;
  return &plugin;
}
