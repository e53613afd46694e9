// A driver that misbehaves on request, for the loader's tests. What one driver of its own shows
// better is in ../bad-drivers.
//
// How it is built decides what it says about itself (macros, below); which uid it is asked for
// decides what it does. What it was called with is told by `statistics`.
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <kms/database.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifndef KIND
#define KIND KMS_DATABASE
#endif
#ifndef ID
#define ID "org.example.kms.fixture"
#endif
#ifndef SERVES
#define SERVES "fixture", "fixture-too"
#endif
#ifndef OPTION
#define OPTION "fixture-path"
#endif
#ifndef OPTION_FLAGS
#define OPTION_FLAGS 0
#endif
#ifndef QUICK
#define QUICK (KMS_QUICK_GET | KMS_QUICK_QUERY | KMS_QUICK_GRANTS)
#endif
#ifndef WRITERS
#define WRITERS 1
#endif

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static const kms_host *host;
static char secret_setting[64], settings_seen[256];
static struct { // guarded by `lock`
  int gets, get_items, applies, apply_items, most_applies, made, released, cancels, opens, closes;
  int running_applies, held;
  int releases;
  char trace[64];
} seen;

static bool is(kms_text text, const char *word) {
  return text.size == strlen(word) && memcmp(text.data, word, text.size) == 0;
}

static kms_text T(const char *text) { return (kms_text){text, strlen(text)}; }
static kms_bytes B(const char *text) { return (kms_bytes){(const uint8_t *)text, strlen(text)}; }

// A result in one block, which `release` frees; it fails loudly when that happens twice.
typedef struct block { uint64_t magic; } block;
static const uint64_t alive = 0x1122334455667788u;

static void release(void *owner) {
  block *mine = owner;
  if (mine->magic != alive) abort();
  mine->magic = 0;
  pthread_mutex_lock(&lock);
  seen.released++;
  pthread_mutex_unlock(&lock);
  free(mine);
}

static void *make(size_t size, kms_owner *owner) {
  block *mine = calloc(1, sizeof(block) + size);
  mine->magic = alive;
  *owner = (kms_owner){release, mine};
  pthread_mutex_lock(&lock);
  seen.made++;
  pthread_mutex_unlock(&lock);
  return mine + 1;
}

// Where the next page begins: what was asked for without its first byte.
static kms_bytes after(kms_bytes cursor) {
  return cursor.size ? (kms_bytes){cursor.data + 1, cursor.size - 1} : cursor;
}

static kms_status detailed(kms_error *error) {
  error->flags = KMS_ERROR_RETRYABLE;
  error->native_code = -42;
  memcpy(error->native_state, "08006", 6);
  error->retry_after_ns = 1500000000u;
  snprintf(error->message, error->message_capacity, "gone\nfor \xff now");
  return KMS_UNAVAILABLE;
}

// Waits until `release` was asked for as often as said, or the call is cancelled.
static kms_status hold(const kms_call *call, int releases) {
  pthread_mutex_lock(&lock);
  seen.held++;
  pthread_cond_broadcast(&changed);
  kms_status status = KMS_OK;
  while (seen.releases < releases && status == KMS_OK) {
    struct timespec soon;
    clock_gettime(CLOCK_REALTIME, &soon);
    soon.tv_nsec += 2000000;
    if (soon.tv_nsec >= 1000000000) soon.tv_sec++, soon.tv_nsec -= 1000000000;
    pthread_cond_timedwait(&changed, &lock, &soon);
    if (call->is_cancelled(call)) status = KMS_CANCELLED;
  }
  seen.held--;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&lock);
  return status;
}

// Waits until some call holds.
static void await_held(void) {
  pthread_mutex_lock(&lock);
  while (!seen.held) pthread_cond_wait(&changed, &lock);
  pthread_mutex_unlock(&lock);
}

static kms_status fixture_open(const kms_database_open *options, const kms_call *call,
                               kms_database **out, kms_error *error) {
  (void)call;
  settings_seen[0] = 0;
  for (size_t i = 0; i < options->setting_count; i++) {
    const kms_setting *s = &options->settings[i];
    size_t used = strlen(settings_seen);
    snprintf(settings_seen + used, sizeof settings_seen - used, "%.*s=%.*s/%lld;",
             (int)s->name.size, s->name.data, (int)s->text.size, s->text.size ? s->text.data : "",
             (long long)s->number);
    if (is(s->text, "refuse")) {
      snprintf(error->message, error->message_capacity, "wrong password");
      return KMS_DENIED;
    }
    if (is(s->text, "nothing")) return KMS_OK; // and no handle
    if (s->flags & KMS_OPTION_SECRET && s->text.size < sizeof secret_setting) {
      memset(secret_setting, 0, sizeof secret_setting);
      memcpy(secret_setting, s->text.data, s->text.size);
    }
  }
  seen.opens++;
  *out = (kms_database *)&seen;
  return KMS_OK;
}

static void fixture_close(kms_database *database) {
  (void)database;
  seen.closes++;
}

static void fixture_cancel(kms_database *database, uint64_t id) {
  (void)database, (void)id;
  pthread_mutex_lock(&lock);
  seen.cancels++;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&lock);
}

static void fill(kms_object *item, const kms_get *asked) {
  static const kms_text tags[] = {{"blue", 4}, {"green", 5}};
  item->uid = asked->uid;
  item->rights = asked->who.count;
  if (is(asked->uid, "missing")) { item->status = KMS_NOT_FOUND; return; }
  if (is(asked->uid, "damaged")) { item->status = KMS_CORRUPT; return; }
  item->owner = T("alice");
  item->type = 2, item->state = 3, item->revision = 77;
  if (asked->known_revision == 77) { item->flags = KMS_OBJECT_UNCHANGED; return; }
  item->object = B("key bytes");
  item->attributes = B("attributes");
  item->tags = (kms_text_list){tags, 2};

  if (is(asked->uid, "thread") || is(asked->uid, "slow")) item->revision = (uint64_t)pthread_self();
  if (is(asked->uid, "settings")) item->attributes = B(settings_seen);
  if (is(asked->uid, "secret")) item->object = B(secret_setting);
  if (is(asked->uid, "odd-status")) item->status = 99;
  if (is(asked->uid, "odd-owner")) item->owner = (kms_text){"\xc3(", 2};
  if (is(asked->uid, "odd-tag")) item->tags = (kms_text_list){NULL, 2};
  if (is(asked->uid, "null-object")) item->object = (kms_bytes){NULL, 9};
  if (is(asked->uid, "huge-object")) item->object.size = SIZE_MAX / 2;
  if (is(asked->uid, "null-attributes")) item->attributes = (kms_bytes){NULL, 1};
  if (is(asked->uid, "long-owner")) item->owner.size = 100000;
  if (is(asked->uid, "other")) item->uid = T("somebody-else");
  if (is(asked->uid, "unchanged")) item->flags = KMS_OBJECT_UNCHANGED;
}

static kms_status fixture_get(kms_database *database, const kms_call *call, const kms_get *items,
                              size_t count, kms_objects *out, kms_error *error) {
  (void)database;
  pthread_mutex_lock(&lock);
  seen.gets++, seen.get_items += (int)count;
  snprintf(seen.trace, sizeof seen.trace, "%.*s", (int)call->trace_id.size,
           call->trace_id.size ? call->trace_id.data : "");
  pthread_mutex_unlock(&lock);
  for (size_t i = 0; i < count; i++) {
    kms_text uid = items[i].uid;
    if (is(uid, "fail")) return detailed(error);
    if (is(uid, "odd-call")) return 99;
    if (is(uid, "always-blocks")) return KMS_WOULD_BLOCK;
    bool waits = is(uid, "hold") || is(uid, "slow") || is(uid, "await-held");
    if (waits && call->flags & KMS_CALL_INLINE) return KMS_WOULD_BLOCK;
    if (is(uid, "hold")) {
      kms_status status = hold(call, 1);
      if (status != KMS_OK) return status;
    }
    if (is(uid, "await-held")) await_held();
    if (is(uid, "release")) {
      pthread_mutex_lock(&lock);
      seen.releases++;
      pthread_cond_broadcast(&changed);
      pthread_mutex_unlock(&lock);
    }
    if (is(uid, "log")) {
      kms_text line = T("line one\nline \x1b[31mtwo");
      if (host->log_enabled(host->context, KMS_LOG_WARNING))
        host->log(host->context, call, KMS_LOG_WARNING, line);
      host->log(host->context, NULL, KMS_LOG_TRACE, T("not kept"));
    }
  }
  kms_object *objects = make(count * sizeof(kms_object), &out->owner);
  for (size_t i = 0; i < count; i++) fill(&objects[i], &items[i]);
  if (is(items[0].uid, "services")) {
    uint8_t bytes[4] = {0};
    void *memory = host->secure_alloc(host->context, 32);
    kms_status random = host->random(host->context, bytes, sizeof bytes);
    objects[0].rights = memory != NULL && random == KMS_OK && bytes[3] == 7 &&
                        host->monotonic_ns(host->context) > 0 &&
                        host->unix_us(host->context) == 1234 &&
                        host->secure_alloc(host->context, 0) == NULL &&
                        host->get_interface(host->context, "kms.host.metrics/1") == NULL &&
                        strcmp(host->name, "tests") == 0 && strcmp(host->version, "1.2.3") == 0;
    host->zeroize(host->context, memory, 32);
    host->secure_free(host->context, memory, 32);
  }
  out->items = is(items[0].uid, "null-items") ? NULL : objects;
  out->count = is(items[0].uid, "odd-count") ? count + 1 : count;
  out->total = -1;
  return KMS_OK;
}

// Says in the attributes of one object what was asked.
static kms_status fixture_query(kms_database *database, const kms_call *call,
                                const kms_query *query, kms_objects *out, kms_error *error) {
  (void)database, (void)error;
  if (query->skip && call->flags & KMS_CALL_INLINE) return KMS_WOULD_BLOCK;
  char *text = make(sizeof(kms_object) + 4096, &out->owner);
  kms_object *item = (kms_object *)text;
  text += sizeof(kms_object);
  size_t used = 0;
  for (size_t i = 0; i < query->filter_count; i++) {
    const kms_filter *f = &query->filters[i];
    used += (size_t)snprintf(text + used, 4096 - used, "%u/%u/%.*s/%u/%lld/%.*s ", f->op, f->arity,
                             (int)f->path.size, f->path.size ? f->path.data : "", f->value.type,
                             (long long)f->value.number, (int)f->value.bytes.size,
                             f->value.bytes.size ? (const char *)f->value.bytes.data : "");
  }
  item->uid = T("found");
  item->attributes = (kms_bytes){(const uint8_t *)text, used};
  item->rights = query->rights;
  item->state = query->limit, item->type = query->flags, item->revision = query->parts;
  out->items = item;
  out->count = 1;
  out->cursor = after(query->cursor);
  out->total = query->flags & KMS_QUERY_COUNT ? 41 : -1;
  out->flags = query->filter_count ? KMS_OBJECTS_INEXACT : 0;
  return KMS_OK;
}

static kms_status fixture_grants(kms_database *database, const kms_call *call,
                                 const kms_grants_query *query, kms_grants *out, kms_error *error) {
  (void)database, (void)call, (void)error;
  kms_grant *grant = make(sizeof(kms_grant), &out->owner);
  *grant = (kms_grant){.uid = query->uid, .user = query->who.count ? query->who.items[0] : T("*"),
                       .owner = T("alice"), .rights = 5, .state = query->limit, .type = 2};
  out->items = grant;
  out->count = is(query->uid, "too-many") ? 7 : 1;
  out->cursor = after(query->cursor);
  return KMS_OK;
}

static kms_status fixture_apply(kms_database *database, const kms_call *call,
                                const kms_write *items, size_t count, kms_written *out,
                                kms_error *error) {
  (void)database;
  pthread_mutex_lock(&lock);
  seen.applies++, seen.apply_items += (int)count, seen.running_applies++;
  if (seen.running_applies > seen.most_applies) seen.most_applies = seen.running_applies;
  pthread_mutex_unlock(&lock);
  kms_status status = KMS_OK;
  for (size_t i = 0; i < count && status == KMS_OK; i++) {
    if (is(items[i].object.uid, "hold")) status = hold(call, 1);
    if (is(items[i].object.uid, "hold-again")) status = hold(call, 2);
    if (is(items[i].object.uid, "fail")) status = detailed(error);
  }
  for (size_t first = 0, next; first < count; first = next) {
    bool failed = false;
    for (next = first; next < count && items[next].batch == items[first].batch; next++) {
      const kms_object *object = &items[next].object;
      kms_status outcome = KMS_OK;
      if (is(object->uid, "exists")) outcome = KMS_EXISTS;
      if (is(object->uid, "odd-status")) outcome = -7;
      if (items[next].op == KMS_WRITE_CREATE && object->object.size != 0 &&
          (object->object.size != 9 || memcmp(object->object.data, "key bytes", 9) != 0))
        outcome = KMS_INVALID;
      failed |= outcome != KMS_OK;
      out[next] = (kms_written){outcome, outcome == KMS_EXISTS ? KMS_ERROR_RETRYABLE : 0};
    }
    for (size_t i = first; failed && i < next; i++)
      if (out[i].status == KMS_OK && !is(items[i].object.uid, "written"))
        out[i].status = KMS_ABORTED;
    for (size_t i = first; i < next; i++)
      if (is(items[i].object.uid, "forgotten")) out[i].status = -1;
  }
  pthread_mutex_lock(&lock);
  seen.running_applies--;
  pthread_mutex_unlock(&lock);
  return status;
}

static kms_status fixture_health(kms_database *d, const kms_call *call, kms_error *error) {
  (void)d, (void)call, (void)error;
  return KMS_OK;
}

static kms_status fixture_context(kms_database *d, const kms_call *call, kms_context *out,
                                  kms_error *error) {
  (void)d, (void)call, (void)error;
  out->state = KMS_SCHEMA_BEHIND;
  memcpy(out->version, "1.0.0", 6);
  memset(out->backend, 'x', sizeof out->backend); // no terminator: the field is full
  return KMS_OK;
}

static kms_status fixture_migrate(kms_database *d, const kms_call *call, kms_error *error) {
  (void)d, (void)call;
  return detailed(error);
}

static kms_status fixture_plan(kms_database *d, const kms_call *call, kms_texts *out,
                               kms_error *error) {
  (void)d, (void)call, (void)error;
  kms_text *texts = make(2 * sizeof(kms_text), &out->owner);
  texts[0] = T("CREATE TABLE a"), texts[1] = T("CREATE TABLE b");
  out->items = texts, out->count = 2;
  return KMS_OK;
}

static kms_status fixture_clear(kms_database *d, const kms_call *call, bool force, kms_error *e) {
  (void)d, (void)call, (void)e;
  return force ? KMS_OK : KMS_CONFLICT;
}

static kms_status fixture_changes(kms_database *d, const kms_call *call, kms_bytes token,
                                  kms_changes *out, kms_error *error) {
  (void)d, (void)error;
  if (token.size == 4 && memcmp(token.data, "hold", 4) == 0) {
    kms_status status = hold(call, 1);
    if (status != KMS_OK) return status;
  }
  if (token.size == 10 && memcmp(token.data, "await-held", 10) == 0) await_held();
  kms_text *uids = make(sizeof(kms_text) + 8, &out->owner);
  uids[0] = T("gone");
  memcpy(uids + 1, "token-2", 7);
  out->uids = uids, out->count = 1;
  out->token = (kms_bytes){(const uint8_t *)(uids + 1), 7};
  out->flags = token.size == 0 ? KMS_CHANGES_LOST : 0;
  return KMS_OK;
}

static kms_status fixture_statistics(kms_database *d, const kms_call *call, kms_statistics *out,
                                     kms_error *error) {
  (void)d, (void)call, (void)error;
  pthread_mutex_lock(&lock);
  const kms_statistic now[] = {
      {"gets", "1", seen.gets},         {"get-items", "1", seen.get_items},
      {"applies", "1", seen.applies},   {"apply-items", "1", seen.apply_items},
      {"most-applies", "1", seen.most_applies},
      {"cancels", "1", seen.cancels},   {"opens", "1", seen.opens},
      {"closes", "1", seen.closes},     {"made", "1", seen.made},
      {"released", NULL, seen.released}, {"trace", "1", seen.trace[0] ? atof(seen.trace) : -1},
  };
  pthread_mutex_unlock(&lock);
  void *copy = make(sizeof now, &out->owner);
  memcpy(copy, now, sizeof now);
  out->items = copy, out->count = sizeof now / sizeof *now;
  return KMS_OK;
}

static const kms_database_driver table = {
    .struct_size = sizeof table,
    .quick = QUICK,
    .writers = WRITERS,
    .open = fixture_open,
    .close = fixture_close,
    .health = fixture_health,
    .cancel = fixture_cancel,
    .context = fixture_context,
    .migrate = fixture_migrate,
    .plan = fixture_plan,
    .clear = fixture_clear,
    .get = fixture_get,
    .query = fixture_query,
    .apply = fixture_apply,
    .grants = fixture_grants,
    .changes = fixture_changes,
    .statistics = fixture_statistics,
};

static kms_status start(const kms_host *lent, kms_error *error) {
  (void)error;
#ifdef START_FAILS
  return detailed(error);
#endif
  host = lent;
  return KMS_OK;
}

static void stop(void) {
#ifdef STOPPED
  close(open(STOPPED, O_CREAT | O_WRONLY, 0600));
#endif
}

static const void *get_interface(const char *id) {
  return strcmp(id, KMS_DATABASE_INTERFACE) == 0 ? &table : NULL;
}

static const char *const serves[] = {SERVES, NULL};
static const char *const environment[] = {"FIXTURE_PATH", NULL};
static const char *const choices[] = {"fast", "safe", NULL};
// An option of a later minor is longer than ours.
static const struct { kms_option option; uint64_t later; } options[] = {
    {{.name = OPTION, .type = KMS_OPTION_PATH, .flags = OPTION_FLAGS | KMS_OPTION_REQUIRED,
      .environment = environment, .help = "where things are"}, 1},
    {{.name = "fixture-mode", .type = KMS_OPTION_CHOICE, .choices = choices,
      .default_value = "fast", .help = "how"}, 2},
    {{.name = "fixture-size", .type = KMS_OPTION_SIZE, .minimum = 1, .maximum = 100,
      .help = "how much"}, 3},
    {{.name = "fixture-password", .type = KMS_OPTION_TEXT, .flags = KMS_OPTION_SECRET,
      .help = "what nobody may see"}, 4},
};

static const kms_plugin_info info = {
    .struct_size = sizeof info, .kind = KIND, .id = ID, .name = "Fixture", .version = "0.1.0",
    .vendor = "tests", .url = "https://example.org", .license = "Apache-2.0",
    .summary = "misbehaves on request", .serves = serves, .options = &options[0].option,
    .option_count = 4, .option_stride = sizeof options[0], .flags = KMS_PLUGIN_VOLATILE,
};

static const kms_plugin plugin = {
    .struct_size = sizeof plugin, .abi_major = KMS_ABI_MAJOR, .abi_minor = 3, .info = &info, .init = start, .deinit = stop,
    .get_interface = get_interface,
};

__attribute__((visibility("default"))) const kms_plugin *kms_plugin_entry(uint16_t host_major);
const kms_plugin *kms_plugin_entry(uint16_t host_major) {
  (void)host_major;
  return &plugin;
}
