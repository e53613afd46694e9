// A host of ABI 1.0, as small as one can be: it loads a driver as the guide says, and uses every
// function of its database interface on one empty database. Today's drivers must serve it for ever.
//
//   host LIBRARY [OPTION=TEXT]...
//
// It prints what the driver is and "ok", or what does not hold, and then ends with status 1.
#include <dlfcn.h>
#include <kms/database.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CHECK(condition)                                                                       \
  do {                                                                                         \
    if (!(condition)) {                                                                        \
      printf("host.c:%d: %s; last error: %s\n", __LINE__, #condition, message);                \
      exit(1);                                                                                 \
    }                                                                                          \
  } while (0)
#define TEXT(literal) ((kms_text){literal, sizeof literal - 1})
#define BYTES(literal) ((kms_bytes){(const uint8_t *)literal, sizeof literal - 1})
#define LIST(items) ((kms_text_list){items, sizeof items / sizeof *items})
/// A struct to be filled: zeroed, with the size that may be written.
#define EMPTY(type) ((type){.struct_size = sizeof(type)})

static char message[256];

/// The copy that a receiver makes of a struct of the other side.
#define TAKE(mine, theirs) take(&(mine), sizeof(mine), theirs)
static void take(void *mine, size_t size, const void *theirs) {
  uint32_t their_size;
  memcpy(&their_size, theirs, sizeof their_size);
  memset(mine, 0, size);
  memcpy(mine, theirs, their_size < size ? their_size : size);
  memcpy(mine, &(uint32_t){(uint32_t)size}, sizeof(uint32_t));
}

static bool same(kms_text text, const char *expected) {
  return text.size == strlen(expected) && memcmp(text.data, expected, text.size) == 0;
}

// Services.

static long secrets; // allocated and not freed

static bool log_enabled(void *context, uint32_t level) {
  (void)context;
  return level >= KMS_LOG_WARNING;
}

static void log_line(void *context, const kms_call *call, uint32_t level, kms_text text) {
  (void)context, (void)call, (void)level;
  printf("log: %.*s\n", (int)text.size, text.data);
}

static void *secure_alloc(void *context, size_t size) {
  (void)context;
  if (size == 0) return NULL;
  __atomic_add_fetch(&secrets, 1, __ATOMIC_RELAXED);
  return calloc(1, size);
}

static void zeroize(void *context, void *memory, size_t size) {
  (void)context;
  volatile uint8_t *bytes = memory;
  for (size_t i = 0; i < size; i++) bytes[i] = 0;
}

static void secure_free(void *context, void *memory, size_t size) {
  if (memory == NULL) return;
  zeroize(context, memory, size);
  __atomic_sub_fetch(&secrets, 1, __ATOMIC_RELAXED);
  free(memory);
}

static kms_status fill_random(void *context, uint8_t *out, size_t size) {
  (void)context;
  FILE *source = fopen("/dev/urandom", "rb");
  const size_t count = source == NULL ? 0 : fread(out, 1, size, source);
  if (source != NULL) fclose(source);
  return count == size ? KMS_OK : KMS_INTERNAL;
}

static uint64_t monotonic_ns(void *context) {
  (void)context;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static int64_t unix_us(void *context) {
  (void)context;
  return (int64_t)time(NULL) * 1000000;
}

static const void *find_interface(void *context, const char *id) {
  (void)context, (void)id;
  return NULL;
}

static const kms_host host = {
    .struct_size = sizeof host, .abi_major = 1, .abi_minor = 0, .name = "old", .version = "1.0.0",
    .log_enabled = log_enabled, .log = log_line, .secure_alloc = secure_alloc,
    .secure_free = secure_free, .zeroize = zeroize, .random = fill_random,
    .monotonic_ns = monotonic_ns, .unix_us = unix_us, .get_interface = find_interface,
};

// Calls.

static bool is_cancelled(const kms_call *call) {
  (void)call;
  return false;
}

static kms_error *fresh_error(void) {
  static kms_error error;
  message[0] = '\0';
  error = EMPTY(kms_error);
  error.message = message;
  error.message_capacity = sizeof message;
  return &error;
}

static const kms_call *call_for(uint64_t milliseconds) {
  static kms_call call;
  static uint64_t last_id;
  call = EMPTY(kms_call);
  call.id = ++last_id;
  call.deadline_ns = milliseconds == 0 ? 0 : monotonic_ns(NULL) + milliseconds * 1000000u;
  call.trace_id = TEXT("0af7651916cd43dd8448eb211c80319c");
  call.is_cancelled = is_cancelled;
  return &call;
}

#define CALL call_for(0)
#define ERROR fresh_error()

static void release(kms_owner owner) {
  if (owner.release != NULL) owner.release(owner.owner);
}

static kms_database_driver driver;
static kms_database *database;
static const kms_text alice_and_all[] = {{"alice", 5}, {"*", 1}};
static const kms_text bob_and_all[] = {{"bob", 3}, {"*", 1}};

static kms_objects get(const kms_get *items, size_t count) {
  kms_objects out = EMPTY(kms_objects);
  CHECK(driver.get(database, CALL, items, count, &out, ERROR) == KMS_OK);
  CHECK(out.struct_size == sizeof out && out.count == count);
  return out;
}

static kms_status apply(const kms_write *items, size_t count, kms_written *out) {
  for (size_t i = 0; i < count; i++) out[i] = (kms_written){-1, 0};
  return driver.apply(database, CALL, items, count, out, ERROR);
}

static kms_status apply_one(kms_write write) {
  kms_written out;
  CHECK(apply(&write, 1, &out) == KMS_OK);
  return out.status;
}

// The life of a database.

static void makes_its_schema(void) {
  kms_context context = EMPTY(kms_context);
  CHECK(driver.context(database, CALL, &context, ERROR) == KMS_OK);
  CHECK(context.state == KMS_SCHEMA_EMPTY);
  const kms_get one = {.uid = TEXT("a")};
  kms_objects none = EMPTY(kms_objects);
  CHECK(driver.get(database, CALL, &one, 1, &none, ERROR) == KMS_UPGRADING);
  kms_texts plan = EMPTY(kms_texts);
  CHECK(driver.plan(database, CALL, &plan, ERROR) == KMS_OK);
  CHECK(plan.count > 0 && plan.items[0].size > 0);
  release(plan.owner);

  CHECK(driver.migrate(database, CALL, ERROR) == KMS_OK);
  context = EMPTY(kms_context);
  CHECK(driver.context(database, CALL, &context, ERROR) == KMS_OK);
  CHECK(context.state == KMS_SCHEMA_READY && strcmp(context.version, "1.0.0") == 0);
  CHECK(context.schema[0] != '\0' && strcmp(context.schema, context.supported) == 0);
  CHECK(driver.health(database, CALL, ERROR) == KMS_OK);
}

static kms_write creation(kms_text uid, uint64_t revision) {
  static const kms_text tags[] = {{"blue", 4}, {"green", 5}};
  static const kms_term terms[] = {
      {.path = {"Name", 4}, .flags = KMS_TERM_UNIQUE,
       .value = {.type = KMS_VALUE_TEXT, .rank = KMS_RANK_RARE, .bytes = {(const uint8_t *)"first", 5}}},
      {.path = {"Length", 6},
       .value = {.type = KMS_VALUE_INTEGER, .rank = KMS_RANK_COMMON, .number = 256}},
  };
  return (kms_write){
      .op = KMS_WRITE_CREATE, .batch = 1,
      .object = {.uid = uid, .owner = TEXT("alice"), .type = 2, .state = 1, .revision = revision,
                 .object = BYTES("secret\0bytes"), .attributes = BYTES("attributes"),
                 .tags = LIST(tags), .terms = terms, .term_count = 2}};
}

static void writes(void) {
  kms_written out[2];
  kms_write batch[2] = {creation(TEXT("a"), 11), creation(TEXT("b"), 12)};
  batch[1].object.term_count = 0;
  batch[1].object.tags.count = 1;
  CHECK(apply(batch, 2, out) == KMS_OK && out[0].status == KMS_OK && out[1].status == KMS_OK);

  // All or none: the second is there, and the unique name is taken.
  batch[0] = creation(TEXT("c"), 13);
  batch[0].object.term_count = 0;
  CHECK(apply(batch, 2, out) == KMS_OK);
  CHECK(out[0].status == KMS_ABORTED && out[1].status == KMS_EXISTS);
  CHECK(apply_one(creation(TEXT("d"), 14)) == KMS_EXISTS);

  kms_write update = {.op = KMS_WRITE_UPDATE, .flags = KMS_IF_REVISION, .batch = 1,
                      .parts = KMS_PART_STATE, .expected_revision = 12};
  update.object = (kms_object){.uid = TEXT("b"), .state = 3, .revision = 22};
  CHECK(apply_one(update) == KMS_OK);
  CHECK(apply_one(update) == KMS_CONFLICT);
  kms_write grant = {.op = KMS_WRITE_GRANT, .flags = KMS_IF_OWNER, .user = TEXT("bob"),
                     .rights = 1u << 2 | (uint64_t)1 << 40, .expected_owner = TEXT("alice")};
  grant.object.uid = TEXT("a");
  CHECK(apply_one(grant) == KMS_OK);
  grant.expected_owner = TEXT("bob");
  CHECK(apply_one(grant) == KMS_CONFLICT);
  kms_write check = {.op = KMS_WRITE_CHECK};
  check.object.uid = TEXT("missing");
  CHECK(apply_one(check) == KMS_NOT_FOUND);
}

static void reads(void) {
  const kms_get items[] = {
      {.uid = TEXT("b"), .who = LIST(alice_and_all), .parts = KMS_PART_STATE},
      {.uid = TEXT("missing"), .who = LIST(alice_and_all), .parts = KMS_PART_OBJECT},
      {.uid = TEXT("a"), .who = LIST(bob_and_all),
       .parts = KMS_PART_OBJECT | KMS_PART_ATTRIBUTES | KMS_PART_TAGS},
      {.uid = TEXT("a"), .who = LIST(bob_and_all), .known_revision = 11, .parts = KMS_PART_OBJECT},
  };
  const kms_objects out = get(items, 4);
  CHECK(out.items[0].status == KMS_OK && same(out.items[0].uid, "b"));
  CHECK(out.items[0].state == 3 && out.items[0].revision == 22 && out.items[0].rights == 0);
  CHECK(out.items[1].status == KMS_NOT_FOUND && same(out.items[1].uid, "missing"));
  const kms_object *a = &out.items[2];
  CHECK(a->status == KMS_OK && same(a->uid, "a") && same(a->owner, "alice"));
  CHECK(a->type == 2 && a->state == 1 && a->revision == 11 && a->flags == 0);
  CHECK(a->object.size == 12 && memcmp(a->object.data, "secret\0bytes", 12) == 0);
  CHECK(a->attributes.size == 10 && memcmp(a->attributes.data, "attributes", 10) == 0);
  CHECK(a->tags.count == 2 && a->rights == (1u << 2 | (uint64_t)1 << 40));
  const kms_object *known = &out.items[3];
  CHECK(known->flags == KMS_OBJECT_UNCHANGED && known->object.size == 0);
  CHECK(known->rights == a->rights && same(known->owner, "alice"));
  release(out.owner);
}

/// Asks page after page, one object on each; how often "a" and others were found.
static void count(kms_query query, int *found_a, int *others, bool *is_inexact) {
  uint8_t cursor[KMS_MAX_CURSOR];
  *found_a = *others = 0, *is_inexact = false;
  for (int pages = 0; pages < 10; pages++) {
    kms_objects out = EMPTY(kms_objects);
    CHECK(driver.query(database, CALL, &query, &out, ERROR) == KMS_OK);
    CHECK(out.count <= query.limit && out.cursor.size <= sizeof cursor);
    for (size_t i = 0; i < out.count; i++)
      *(same(out.items[i].uid, "a") ? found_a : others) += 1;
    *is_inexact |= (out.flags & KMS_OBJECTS_INEXACT) != 0;
    query.cursor = (kms_bytes){cursor, out.cursor.size};
    if (out.cursor.size > 0) memcpy(cursor, out.cursor.data, out.cursor.size);
    release(out.owner);
    if (query.cursor.size == 0) return;
  }
  CHECK(!"pages come to an end");
}

static void searches(void) {
  const kms_filter filters[] = {
      {.op = KMS_FILTER_AND, .arity = 3},
      {.op = KMS_FILTER_TAG, .value = {.type = KMS_VALUE_TEXT, .bytes = BYTES("green")}},
      {.op = KMS_FILTER_EQUAL, .path = TEXT("Length"),
       .value = {.type = KMS_VALUE_INTEGER, .number = 256}},
      {.op = KMS_FILTER_OR, .arity = 2},
      {.op = KMS_FILTER_STATE, .value = {.type = KMS_VALUE_INTEGER, .number = 2}},
      {.op = KMS_FILTER_STATE, .value = {.type = KMS_VALUE_INTEGER, .number = 1}},
  };
  kms_query query = EMPTY(kms_query);
  query.limit = 1;
  int a, others;
  bool is_inexact;
  count(query, &a, &others, &is_inexact);
  CHECK(a == 1 && others == 1 && !is_inexact);
  query.who = LIST(bob_and_all);
  count(query, &a, &others, &is_inexact);
  CHECK(a == 1 && others == 0);
  query.flags = KMS_QUERY_OWNED;
  count(query, &a, &others, &is_inexact);
  CHECK(a == 0 && others == 0);
  query = EMPTY(kms_query);
  query.limit = 1, query.filters = filters, query.filter_count = 6, query.flags = KMS_QUERY_NEWEST;
  count(query, &a, &others, &is_inexact);
  CHECK(a == 1 && (others == 0 || is_inexact));
}

static void lists_grants(void) {
  kms_grants_query query = EMPTY(kms_grants_query);
  query.limit = 10;
  query.uid = TEXT("a");
  kms_grants out = EMPTY(kms_grants);
  CHECK(driver.grants(database, CALL, &query, &out, ERROR) == KMS_OK);
  CHECK(out.count == 1 && out.cursor.size == 0);
  CHECK(same(out.items[0].uid, "a") && same(out.items[0].user, "bob"));
  CHECK(same(out.items[0].owner, "alice") && out.items[0].type == 2 && out.items[0].state == 1);
  CHECK(out.items[0].rights == (1u << 2 | (uint64_t)1 << 40));
  release(out.owner);
}

static void tells_changes_and_numbers(void) {
  kms_changes first = EMPTY(kms_changes), second = EMPTY(kms_changes);
  CHECK(driver.changes(database, CALL, (kms_bytes){0}, &first, ERROR) == KMS_OK);
  CHECK(first.token.size > 0 && first.token.size <= KMS_MAX_TOKEN && first.count == 0);
  kms_write removal = {.op = KMS_WRITE_DELETE, .flags = KMS_IF_PRESENT};
  removal.object.uid = TEXT("a");
  CHECK(apply_one(removal) == KMS_OK);
  CHECK(driver.changes(database, call_for(5000), first.token, &second, ERROR) == KMS_OK);
  bool is_told = (second.flags & KMS_CHANGES_LOST) != 0;
  for (size_t i = 0; i < second.count; i++) is_told |= same(second.uids[i], "a");
  CHECK(is_told);
  release(second.owner);
  release(first.owner);

  kms_statistics statistics = EMPTY(kms_statistics);
  CHECK(driver.statistics(database, CALL, &statistics, ERROR) == KMS_OK);
  for (size_t i = 0; i < statistics.count; i++) CHECK(statistics.items[i].name != NULL);
  release(statistics.owner);
}

static void ends(void) {
  driver.cancel(database, 4711); // in flight is none
  CHECK(driver.clear(database, CALL, true, ERROR) == KMS_OK);
  const kms_get item = {.uid = TEXT("b")};
  const kms_objects out = get(&item, 1);
  CHECK(out.items[0].status == KMS_NOT_FOUND);
  release(out.owner);
  driver.close(database);
}

static void use(const kms_database_open *options) {
  CHECK(driver.open(options, CALL, &database, ERROR) == KMS_OK && database != NULL);
  makes_its_schema();
  writes();
  reads();
  searches();
  lists_grants();
  tells_changes_and_numbers();
  ends();
}

int main(int count, char **arguments) {
  if (count < 2) return 2;
  void *library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    printf("%s\n", dlerror());
    return 1;
  }
  const kms_plugin_entry_fn entry = (kms_plugin_entry_fn)dlsym(library, KMS_PLUGIN_ENTRY);
  CHECK(entry != NULL && entry(99) == NULL);
  const kms_plugin *theirs = entry(1);
  kms_plugin plugin;
  kms_plugin_info info;
  CHECK(theirs != NULL);
  TAKE(plugin, theirs);
  CHECK(plugin.abi_major == 1 && plugin.info != NULL);
  TAKE(info, plugin.info);
  CHECK(info.kind == KMS_DATABASE && info.serves[0] != NULL);
  CHECK(info.option_count == 0 || info.option_stride >= sizeof(kms_option));
  printf("%s %s, ABI %d.%d\n", info.id, info.version, plugin.abi_major, plugin.abi_minor);

  kms_setting settings[8] = {0};
  kms_database_open options = EMPTY(kms_database_open);
  options.concurrency = 4;
  options.settings = settings;
  for (int i = 2; i < count && i < 10; i++) {
    char *equals = strchr(arguments[i], '=');
    CHECK(equals != NULL);
    *equals = '\0';
    for (uint32_t n = 0; n < info.option_count; n++) {
      const char *at = (const char *)info.options + (size_t)n * info.option_stride;
      const kms_option *option = (const kms_option *)(const void *)at;
      if (strcmp(option->name, arguments[i]) != 0) continue;
      settings[options.setting_count++] = (kms_setting){
          .name = {option->name, strlen(option->name)}, .type = option->type,
          .flags = option->flags, .text = {equals + 1, strlen(equals + 1)}};
    }
  }

  CHECK(plugin.init(&host, ERROR) == KMS_OK);
  const void *table = plugin.get_interface(KMS_DATABASE_INTERFACE);
  CHECK(table != NULL && plugin.get_interface("org.example.nothing/1") == NULL);
  TAKE(driver, table);
  use(&options);
  plugin.deinit();
  CHECK(secrets == 0);
  puts("ok");
  return 0;
}
