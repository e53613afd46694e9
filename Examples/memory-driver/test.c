// The contract of database.h, asked of the library as a host would: opened, never linked.
//   test <absolute path of libkms-memory.so> [rounds of the threads]

#include <dlfcn.h>
#include <pthread.h>
#include <time.h>
#include "test-host.h"

static kms_database_driver driver; // our copy, as plugin.h says
static unsigned rounds = 2000;

// Short forms of what most cases need.

static kms_database *open_with(const kms_setting *settings, size_t count, uint32_t flags) {
  test_call call;
  test_call_init(&call, 0, 0);
  const kms_database_open options = {
    .struct_size = sizeof options, .flags = flags, .concurrency = 8, .settings = settings,
    .setting_count = count,
  };
  kms_database *database = NULL;
  CHECK(driver.open(&options, &call.call, &database, test_error()) == KMS_OK);
  CHECK(database != NULL);
  return database;
}

static kms_status migrate(kms_database *database) {
  test_call call;
  test_call_init(&call, 0, 0);
  return driver.migrate(database, &call.call, test_error());
}

static kms_database *open_ready(void) {
  kms_database *database = open_with(NULL, 0, 0);
  CHECK(migrate(database) == KMS_OK);
  return database;
}

static kms_status apply(kms_database *database, const kms_write *items, size_t count,
                        kms_written *out) {
  test_call call;
  test_call_init(&call, 0, 0);
  return driver.apply(database, &call.call, items, count, out, test_error());
}

/// One write in a batch of its own.
static kms_status write_one(kms_database *database, kms_write write) {
  kms_written out = {.status = KMS_INTERNAL};
  CHECK(apply(database, &write, 1, &out) == KMS_OK);
  return out.status;
}

static kms_write create(kms_text uid, kms_text owner, uint64_t revision) {
  return (kms_write){
    .op = KMS_WRITE_CREATE,
    .object = {
      .uid = uid, .owner = owner, .type = 2, .state = 1, .revision = revision,
      .object = BYTES("secret bytes"), .attributes = BYTES("{}"),
    },
  };
}

static kms_write grant(kms_text uid, kms_text user, uint64_t rights) {
  return (kms_write){
    .op = KMS_WRITE_GRANT, .object.uid = uid, .user = user, .rights = rights,
  };
}

static kms_objects get(kms_database *database, const kms_get *items, size_t count) {
  test_call call;
  test_call_init(&call, 0, 0);
  kms_objects out = {.struct_size = sizeof out};
  CHECK(driver.get(database, &call.call, items, count, &out, test_error()) == KMS_OK);
  CHECK(out.count == count && out.total == -1 && out.cursor.size == 0);
  return out;
}

static kms_objects get_one(kms_database *database, kms_text uid, kms_text_list who) {
  const kms_get item = {
    .uid = uid, .who = who,
    .parts = KMS_PART_OBJECT | KMS_PART_ATTRIBUTES | KMS_PART_TAGS,
  };
  return get(database, &item, 1);
}

static kms_objects query(kms_database *database, kms_query query) {
  test_call call;
  test_call_init(&call, 0, 0);
  query.struct_size = sizeof query;
  if (query.limit == 0) query.limit = 1000;
  kms_objects out = {.struct_size = sizeof out};
  CHECK(driver.query(database, &call.call, &query, &out, test_error()) == KMS_OK);
  return out;
}

static void end(kms_owner owner) {
  if (owner.release != NULL) owner.release(owner.owner);
}

/// Checks that a query finds exactly these uids, in this order; ends the result.
static void expect_uids(kms_objects found, size_t count, const char *const *uids) {
  CHECK(found.count == count);
  for (size_t i = 0; i < count; i++) CHECK(same(found.items[i].uid, uids[i]));
  end(found.owner);
}
#define EXPECT(found, ...)                                                     \
  expect_uids(found, sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *),   \
              (const char *[]){__VA_ARGS__})

static uint64_t revision_of(kms_database *database, kms_text uid) {
  kms_objects found = get_one(database, uid, (kms_text_list){0});
  const uint64_t revision = found.items[0].revision;
  end(found.owner);
  return revision;
}

// Cases.

static void serves_nothing_before_migration(void) {
  kms_database *database = open_with(NULL, 0, 0);
  test_call call;
  test_call_init(&call, 0, 0);
  kms_context context = {.struct_size = sizeof context};
  CHECK(driver.context(database, &call.call, &context, test_error()) == KMS_OK);
  CHECK(context.state == KMS_SCHEMA_EMPTY && context.version[0] == '\0');
  kms_texts plan = {.struct_size = sizeof plan};
  CHECK(driver.plan(database, &call.call, &plan, test_error()) == KMS_OK && plan.count == 1);
  end(plan.owner);

  const kms_write write = create(TEXT("a"), TEXT("ann"), 1);
  const kms_query everything = {.struct_size = sizeof everything, .limit = 1};
  const kms_grants_query all_grants = {.struct_size = sizeof all_grants, .limit = 1};
  kms_written written;
  kms_objects objects = {.struct_size = sizeof objects};
  kms_grants grants = {.struct_size = sizeof grants};
  kms_changes changes = {.struct_size = sizeof changes};
  kms_error *error = test_error();
  CHECK(driver.apply(database, &call.call, &write, 1, &written, error) == KMS_UPGRADING);
  CHECK((error->flags & KMS_ERROR_RETRYABLE) && error->message[0] != '\0');
  CHECK(driver.get(database, &call.call, NULL, 0, &objects, test_error()) == KMS_UPGRADING);
  CHECK(driver.query(database, &call.call, &everything, &objects, test_error()) ==
        KMS_UPGRADING);
  CHECK(driver.grants(database, &call.call, &all_grants, &grants, test_error()) ==
        KMS_UPGRADING);
  CHECK(driver.changes(database, &call.call, (kms_bytes){0}, &changes, test_error()) ==
        KMS_UPGRADING);

  CHECK(migrate(database) == KMS_OK && migrate(database) == KMS_OK);
  CHECK(driver.context(database, &call.call, &context, test_error()) == KMS_OK);
  CHECK(context.state == KMS_SCHEMA_READY && strcmp(context.version, "1.2.3") == 0);
  CHECK(strcmp(context.schema, context.supported) == 0);
  CHECK(driver.plan(database, &call.call, &plan, test_error()) == KMS_OK && plan.count == 0);
  CHECK(driver.health(database, &call.call, test_error()) == KMS_OK);
  CHECK(write_one(database, write) == KMS_OK);
  driver.close(database);
}

static void refuses_what_it_cannot_open(void) {
  test_call call;
  test_call_init(&call, 0, 0);
  kms_database *database = NULL;
  kms_database_open options = {.struct_size = sizeof options, .tenant = TEXT("blue")};
  CHECK(driver.open(&options, &call.call, &database, test_error()) == KMS_UNSUPPORTED);
  options = (kms_database_open){.struct_size = sizeof options, .flags = KMS_OPEN_FOREIGN};
  CHECK(driver.open(&options, &call.call, &database, test_error()) == KMS_UNSUPPORTED);
  kms_error no_room = {.struct_size = sizeof no_room};
  CHECK(driver.open(&options, &call.call, &database, &no_room) == KMS_UNSUPPORTED);
  CHECK(database == NULL);

  const kms_setting name = {.name = TEXT("memory-name"), .text = TEXT("read-only")};
  kms_database *writer = open_with(&name, 1, 0);
  database = open_with(&name, 1, KMS_OPEN_READ_ONLY);
  CHECK(migrate(database) == KMS_UNAVAILABLE && migrate(writer) == KMS_OK);
  const kms_write write = create(TEXT("a"), TEXT("ann"), 1);
  kms_written out;
  CHECK(apply(database, &write, 1, &out) == KMS_UNAVAILABLE);
  CHECK(driver.clear(database, &call.call, true, test_error()) == KMS_UNAVAILABLE);
  CHECK(write_one(writer, write) == KMS_OK && revision_of(database, TEXT("a")) == 1);
  driver.close(database);
  driver.close(writer);
}

static void returns_what_was_stored(void) {
  kms_database *database = open_ready();
  kms_write write = create(TEXT("a"), TEXT("ann"), 7);
  write.object.tags = LIST(TEXT("prod"), TEXT("blue"));
  CHECK(write_one(database, write) == KMS_OK);
  CHECK(write_one(database, write) == KMS_EXISTS);
  CHECK(write_one(database, grant(TEXT("a"), TEXT("bob"), 1)) == KMS_OK);
  CHECK(write_one(database, grant(TEXT("a"), TEXT("*"), 4)) == KMS_OK);
  CHECK(write_one(database, grant(TEXT("hsm::1::k"), TEXT("bob"), 2)) == KMS_OK);

  const kms_text_list bob = LIST(TEXT("bob"), TEXT("*"));
  const kms_get items[] = {
    {.uid = TEXT("none"), .who = bob},
    {.uid = TEXT("a"), .who = bob, .parts = KMS_PART_OBJECT | KMS_PART_TAGS},
    {.uid = TEXT("hsm::1::k"), .who = bob, .parts = KMS_PART_OBJECT},
    {.uid = TEXT("a"), .known_revision = 7, .parts = KMS_PART_OBJECT},
  };
  kms_objects found = get(database, items, 4);
  const kms_object *none = &found.items[0], *a = &found.items[1];
  CHECK(none->status == KMS_NOT_FOUND && same(none->uid, "none") && none->rights == 0);
  CHECK(a->status == KMS_OK && same(a->uid, "a") && same(a->owner, "ann"));
  CHECK(a->type == 2 && a->state == 1 && a->revision == 7 && a->rights == 5);
  CHECK(a->object.size == 12 && memcmp(a->object.data, "secret bytes", 12) == 0);
  CHECK(test_is_secure(a->object));
  CHECK(a->attributes.size == 0 && a->tags.count == 2 && same(a->tags.items[1], "blue"));
  CHECK(found.items[2].status == KMS_NOT_FOUND && found.items[2].rights == 2);
  CHECK(found.items[3].flags == KMS_OBJECT_UNCHANGED && found.items[3].object.size == 0);
  CHECK(found.items[3].rights == 0 && same(found.items[3].owner, "ann"));

  // A result is a copy: it outlives the object.
  CHECK(write_one(database, (kms_write){.op = KMS_WRITE_DELETE, .object.uid = TEXT("a")}) ==
        KMS_OK);
  CHECK(memcmp(a->object.data, "secret bytes", 12) == 0);
  end(found.owner);
  found = get_one(database, TEXT("a"), bob); // the grants have gone, too
  CHECK(found.items[0].status == KMS_NOT_FOUND && found.items[0].rights == 0);
  end(found.owner);
  end(get(database, NULL, 0).owner);
  CHECK(test_secure_blocks() == 0);
  driver.close(database);
}

static void updates_only_the_parts_named(void) {
  kms_database *database = open_ready();
  kms_write write = create(TEXT("a"), TEXT("ann"), 1);
  write.object.tags = LIST(TEXT("old"));
  CHECK(write_one(database, write) == KMS_OK);
  const kms_write update = {
    .op = KMS_WRITE_UPDATE, .parts = KMS_PART_STATE | KMS_PART_OBJECT,
    .object = {.uid = TEXT("a"), .state = 5, .revision = 2, .tags = LIST(TEXT("new"))},
  };
  CHECK(write_one(database, update) == KMS_OK);

  kms_objects found = get_one(database, TEXT("a"), (kms_text_list){0});
  const kms_object *a = &found.items[0];
  CHECK(a->state == 5 && a->revision == 2 && a->object.size == 0 && a->type == 2);
  CHECK(same(a->owner, "ann") && a->attributes.size == 2 && same(a->tags.items[0], "old"));
  end(found.owner);
  CHECK(write_one(database, (kms_write){.op = KMS_WRITE_UPDATE, .object.uid = TEXT("b")}) ==
        KMS_NOT_FOUND);
  driver.close(database);
}

static void holds_conditions_against_the_object(void) {
  kms_database *database = open_ready();
  CHECK(write_one(database, create(TEXT("a"), TEXT("ann"), 1)) == KMS_OK);
  const struct {
    uint32_t op, flags;
    const char *uid;
    uint64_t revision;
    const char *owner;
    kms_status expected;
  } rows[] = {
    {KMS_WRITE_CHECK, 0, "a", 0, "", KMS_OK},
    {KMS_WRITE_CHECK, 0, "b", 0, "", KMS_NOT_FOUND},
    {KMS_WRITE_CHECK, KMS_IF_REVISION, "a", 1, "", KMS_OK},
    {KMS_WRITE_CHECK, KMS_IF_REVISION, "a", 2, "", KMS_CONFLICT},
    {KMS_WRITE_CHECK, KMS_IF_REVISION, "b", 1, "", KMS_NOT_FOUND},
    {KMS_WRITE_CHECK, KMS_IF_OWNER, "a", 0, "ann", KMS_OK},
    {KMS_WRITE_CHECK, KMS_IF_OWNER, "a", 0, "bob", KMS_CONFLICT},
    {KMS_WRITE_CHECK, KMS_IF_OWNER | KMS_IF_REVISION, "a", 2, "ann", KMS_CONFLICT},
    {KMS_WRITE_CHECK, 1u << 30, "a", 0, "", KMS_UNSUPPORTED},
    {99, 0, "a", 0, "", KMS_UNSUPPORTED},
    {KMS_WRITE_GRANT, KMS_IF_OWNER, "a", 0, "bob", KMS_CONFLICT},
    {KMS_WRITE_GRANT, KMS_IF_OWNER, "a", 0, "ann", KMS_OK},
    {KMS_WRITE_GRANT, KMS_IF_PRESENT, "b", 0, "", KMS_NOT_FOUND},
    {KMS_WRITE_GRANT, 0, "b", 0, "", KMS_OK},
    {KMS_WRITE_REVOKE, 0, "c", 0, "", KMS_OK},
    {KMS_WRITE_DELETE, KMS_IF_REVISION, "a", 2, "", KMS_CONFLICT},
    {KMS_WRITE_DELETE, KMS_IF_REVISION, "a", 1, "", KMS_OK},
    {KMS_WRITE_DELETE, 0, "a", 0, "", KMS_NOT_FOUND},
    {KMS_WRITE_DELETE, 0, "b", 0, "", KMS_OK}, // a grant is enough
    {KMS_WRITE_DELETE, 0, "b", 0, "", KMS_NOT_FOUND},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const kms_write write = {
      .op = rows[i].op, .flags = rows[i].flags, .expected_revision = rows[i].revision,
      .object.uid = {rows[i].uid, strlen(rows[i].uid)}, .user = TEXT("eve"), .rights = 1,
      .expected_owner = {rows[i].owner, strlen(rows[i].owner)},
    };
    CHECK(write_one(database, write) == rows[i].expected);
  }
  driver.close(database);
}

static void commits_each_batch_whole_or_not_at_all(void) {
  kms_database *database = open_ready();
  CHECK(write_one(database, create(TEXT("a"), TEXT("ann"), 1)) == KMS_OK);
  CHECK(write_one(database, create(TEXT("z"), TEXT("ann"), 1)) == KMS_OK);
  CHECK(write_one(database, grant(TEXT("a"), TEXT("bob"), 3)) == KMS_OK);

  kms_write items[] = {
    create(TEXT("b"), TEXT("ann"), 2), // batch 1 stands
    {.op = KMS_WRITE_UPDATE, .batch = 2, .object = {.uid = TEXT("a"), .revision = 9}},
    {.op = KMS_WRITE_UPDATE, .batch = 2, .object = {.uid = TEXT("a"), .revision = 10}},
    {.op = KMS_WRITE_DELETE, .batch = 2, .object.uid = TEXT("a")},
    create(TEXT("a"), TEXT("eve"), 11),
    {.op = KMS_WRITE_DELETE, .batch = 2, .object.uid = TEXT("b")},
    grant(TEXT("new"), TEXT("eve"), 1),
    {.op = KMS_WRITE_REVOKE, .batch = 2, .object.uid = TEXT("a"), .user = TEXT("bob")},
    create(TEXT("z"), TEXT("ann"), 12), // exists: all of batch 2 falls
    grant(TEXT("new"), TEXT("eve"), 1),
    create(TEXT("c"), TEXT("ann"), 3), // batch 3 stands
  };
  const size_t count = sizeof items / sizeof *items, fault = 8;
  items[0].batch = 1;
  for (size_t i = 1; i < count - 1; i++) items[i].batch = 2;
  items[count - 1].batch = 3;
  kms_written out[sizeof items / sizeof *items];
  CHECK(apply(database, items, count, out) == KMS_OK);

  CHECK(out[0].status == KMS_OK && out[count - 1].status == KMS_OK);
  for (size_t i = 1; i < count - 1; i++)
    CHECK(out[i].status == (i == fault ? KMS_EXISTS : KMS_ABORTED));
  kms_objects a = get_one(database, TEXT("a"), LIST(TEXT("bob")));
  CHECK(a.items[0].revision == 1 && same(a.items[0].owner, "ann") && a.items[0].rights == 3);
  end(a.owner);
  kms_objects new = get_one(database, TEXT("new"), LIST(TEXT("eve")));
  CHECK(new.items[0].rights == 0);
  end(new.owner);
  EXPECT(query(database, (kms_query){0}), "a", "z", "b", "c"); // in their old places
  driver.close(database);
}

static kms_write named(kms_text uid, const kms_term *name) {
  kms_write write = create(uid, TEXT("ann"), 1);
  write.object.terms = name;
  write.object.term_count = 1;
  return write;
}

static void keeps_unique_terms_unique(void) {
  kms_database *database = open_ready();
  const kms_term term = {
    .path = TEXT("Name"), .flags = KMS_TERM_UNIQUE,
    .value = {.type = KMS_VALUE_TEXT, .bytes = BYTES("key 1")},
  };
  kms_term plain = term, other = term;
  plain.flags = 0;
  other.value.bytes = BYTES("key 2");
  CHECK(write_one(database, named(TEXT("a"), &term)) == KMS_OK);
  CHECK(write_one(database, named(TEXT("b"), &term)) == KMS_EXISTS);
  CHECK(write_one(database, named(TEXT("b"), &plain)) == KMS_OK); // not so marked
  CHECK(write_one(database, named(TEXT("c"), &other)) == KMS_OK);

  kms_write rename = named(TEXT("c"), &term);
  rename.op = KMS_WRITE_UPDATE;
  rename.parts = KMS_PART_ATTRIBUTES;
  CHECK(write_one(database, rename) == KMS_EXISTS);
  rename.object.uid = TEXT("a");
  CHECK(write_one(database, rename) == KMS_OK); // its own name
  const kms_write move[] = {
    {.op = KMS_WRITE_DELETE, .object.uid = TEXT("a")},
    named(TEXT("d"), &term),
    {.op = KMS_WRITE_CHECK, .object.uid = TEXT("missing")},
  };
  kms_written out[3];
  CHECK(apply(database, move, 3, out) == KMS_OK && out[2].status == KMS_NOT_FOUND);
  CHECK(write_one(database, named(TEXT("e"), &term)) == KMS_EXISTS); // a has it again
  CHECK(apply(database, move, 2, out) == KMS_OK && out[1].status == KMS_OK);
  driver.close(database);
}

static void adds_and_removes_rights(void) {
  kms_database *database = open_ready();
  kms_write revoke = grant(TEXT("a"), TEXT("bob"), 6);
  revoke.op = KMS_WRITE_REVOKE;
  CHECK(write_one(database, create(TEXT("a"), TEXT("ann"), 1)) == KMS_OK);
  CHECK(write_one(database, grant(TEXT("a"), TEXT("bob"), 3)) == KMS_OK);
  CHECK(write_one(database, grant(TEXT("h"), TEXT("bob"), 8)) == KMS_OK);
  CHECK(write_one(database, grant(TEXT("a"), TEXT("*"), 1)) == KMS_OK);
  CHECK(write_one(database, grant(TEXT("a"), TEXT("bob"), 4)) == KMS_OK);
  CHECK(write_one(database, revoke) == KMS_OK);

  test_call call;
  test_call_init(&call, 0, 0);
  kms_grants_query all = {.struct_size = sizeof all, .limit = 2};
  kms_grants first = {.struct_size = sizeof first}, second = first, some = first;
  CHECK(driver.grants(database, &call.call, &all, &first, test_error()) == KMS_OK);
  CHECK(first.count == 2 && first.cursor.size > 0 && first.cursor.size <= KMS_MAX_CURSOR);
  CHECK(same(first.items[0].user, "bob") && first.items[0].rights == 1);
  CHECK(same(first.items[0].owner, "ann") && first.items[0].state == 1);
  CHECK(same(first.items[1].uid, "h") && first.items[1].owner.size == 0);
  all.cursor = first.cursor;
  CHECK(driver.grants(database, &call.call, &all, &second, test_error()) == KMS_OK);
  CHECK(second.count == 1 && same(second.items[0].user, "*") && second.cursor.size == 0);
  end(first.owner);
  end(second.owner);

  const kms_grants_query of_bob = {
    .struct_size = sizeof of_bob, .limit = 9, .uid = TEXT("a"), .who = LIST(TEXT("bob")),
  };
  CHECK(driver.grants(database, &call.call, &of_bob, &some, test_error()) == KMS_OK);
  CHECK(some.count == 1 && same(some.items[0].uid, "a"));
  end(some.owner);
  revoke.rights = 1;
  CHECK(write_one(database, revoke) == KMS_OK); // the last right takes the grant with it
  CHECK(driver.grants(database, &call.call, &of_bob, &some, test_error()) == KMS_OK);
  CHECK(some.count == 0);
  end(some.owner);
  driver.close(database);
}

/// Three objects: "a" of ann, "b" of bob, granted to ann with 1 and to * with 2, "c" of nobody.
static kms_database *open_with_three(void) {
  kms_database *database = open_ready();
  const kms_term terms[] = {
    {.path = TEXT("Length"), .value = {.type = KMS_VALUE_INTEGER, .number = 256}},
    {.path = TEXT("Mask"), .value = {.type = KMS_VALUE_INTEGER, .number = 12}},
    {.path = TEXT("Link"), .value = {.type = KMS_VALUE_TEXT, .bytes = BYTES("wrapper")}},
  };
  kms_write a = create(TEXT("a"), TEXT("ann"), 1), b = create(TEXT("b"), TEXT("bob"), 2);
  kms_write c = create(TEXT("c"), TEXT(""), 3);
  a.object.terms = terms;
  a.object.term_count = 2;
  a.object.tags = LIST(TEXT("prod"));
  b.object.terms = &terms[1];
  b.object.term_count = 2;
  b.object.state = 2;
  c.object.tags = LIST(TEXT("test"), TEXT("prod"));
  CHECK(write_one(database, a) == KMS_OK && write_one(database, b) == KMS_OK);
  CHECK(write_one(database, c) == KMS_OK);
  CHECK(write_one(database, grant(TEXT("b"), TEXT("ann"), 1)) == KMS_OK);
  CHECK(write_one(database, grant(TEXT("b"), TEXT("*"), 2)) == KMS_OK);
  return database;
}

#define NODE(o, n) {.op = KMS_FILTER_##o, .arity = n}
#define NUMBER(o, p, n)                                                        \
  {.op = KMS_FILTER_##o, .path = TEXT(p),                                      \
   .value = {.type = KMS_VALUE_INTEGER, .number = n}}
#define WORD(o, p, w)                                                          \
  {.op = KMS_FILTER_##o, .path = TEXT(p),                                      \
   .value = {.type = KMS_VALUE_TEXT, .bytes = BYTES(w)}}
#define FILTERS(...)                                                           \
  (const kms_filter[]){__VA_ARGS__},                                           \
      sizeof((const kms_filter[]){__VA_ARGS__}) / sizeof(kms_filter)

static void applies_every_filter(void) {
  kms_database *database = open_with_three();
  const struct {
    const char *expected;
    const kms_filter *filters;
    size_t count;
  } rows[] = {
    {"abc", NULL, 0},
    {"a", FILTERS(NUMBER(EQUAL, "Length", 256))},
    {"", FILTERS(WORD(EQUAL, "Length", "256"))},
    {"b", FILTERS(WORD(EQUAL, "Link", "wrapper"))},
    {"a", FILTERS(NUMBER(AT_MOST, "Length", 256))},
    {"", FILTERS(NUMBER(AT_MOST, "Length", 255))},
    {"a", FILTERS(NUMBER(AT_LEAST, "Length", 256))},
    {"", FILTERS(NUMBER(AT_LEAST, "Length", 257))},
    {"b", FILTERS(WORD(PREFIX, "Link", "wrap"))},
    {"b", FILTERS(WORD(PREFIX, "Link", ""))},
    {"", FILTERS(WORD(PREFIX, "Link", "wrappers"))},
    {"ab", FILTERS(NUMBER(HAS_BITS, "Mask", 4))},
    {"", FILTERS(NUMBER(HAS_BITS, "Mask", 5))},
    {"ab", FILTERS(NUMBER(HAS_PATH, "Mask", 0))},
    {"b", FILTERS(WORD(UID, "", "b"))},
    {"b", FILTERS(WORD(OWNER, "", "bob"))},
    {"c", FILTERS(WORD(OWNER, "", ""))},
    {"abc", FILTERS(NUMBER(TYPE, "", 2))},
    {"ac", FILTERS(NUMBER(STATE, "", 1))},
    {"ac", FILTERS(WORD(TAG, "", "prod"))},
    {"", FILTERS(WORD(TAG, "", "pro"))},
    {"abc", FILTERS(NODE(AND, 0))},
    {"", FILTERS(NODE(OR, 0))},
    {"b", FILTERS(NODE(NOT, 1), WORD(TAG, "", "prod"))},
    {"c", FILTERS(NODE(AND, 2), WORD(TAG, "", "prod"), WORD(TAG, "", "test"))},
    {"bc", FILTERS(NODE(OR, 2), WORD(TAG, "", "test"), NUMBER(STATE, "", 2))},
    {"ab", FILTERS(NODE(AND, 2), NODE(NOT, 1), NODE(AND, 2), WORD(TAG, "", "prod"),
                   WORD(TAG, "", "test"), NODE(OR, 2), NUMBER(STATE, "", 1),
                   NUMBER(STATE, "", 2))},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    kms_objects found = query(
        database, (kms_query){.filters = rows[i].filters, .filter_count = rows[i].count});
    CHECK(found.count == strlen(rows[i].expected) && found.flags == 0 && found.total == -1);
    for (size_t n = 0; n < found.count; n++)
      CHECK(found.items[n].uid.data[0] == rows[i].expected[n]);
    end(found.owner);
  }
  driver.close(database);
}

static void leaves_what_it_does_not_know_to_the_host(void) {
  kms_database *database = open_with_three();
  const kms_filter unknown[] = {
    NODE(AND, 2), NODE(NOT, 1), {.op = 99, .arity = 1}, NUMBER(STATE, "", 1),
    WORD(TAG, "", "prod"),
  };
  kms_objects found = query(database, (kms_query){.filters = unknown, .filter_count = 5});
  CHECK(found.flags == KMS_OBJECTS_INEXACT);
  EXPECT(found, "a", "c");
  driver.close(database);
}

static void refuses_what_is_no_query(void) {
  kms_database *database = open_with_three();
  test_call call;
  test_call_init(&call, 0, 0);
  const kms_filter and_two[] = {NODE(AND, 2), NUMBER(STATE, "", 1)};
  const kms_filter two_roots[] = {NUMBER(STATE, "", 1), NUMBER(STATE, "", 2)};
  const kms_filter not_of_two[] = {NODE(NOT, 2), NODE(AND, 0), NODE(AND, 0)};
  const kms_query rows[] = {
    {.limit = 0},
    {.limit = 1001},
    {.limit = 1, .filters = and_two, .filter_count = 2},
    {.limit = 1, .filters = two_roots, .filter_count = 2},
    {.limit = 1, .filters = not_of_two, .filter_count = 3},
    {.limit = 1, .cursor = BYTES("forged")},
    {.limit = 1, .cursor = BYTES("n12345678")}, // of the other order
    {.limit = 1, .flags = KMS_QUERY_OWNED},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    kms_objects out = {.struct_size = sizeof out};
    CHECK(driver.query(database, &call.call, &rows[i], &out, test_error()) == KMS_INVALID);
    CHECK(out.items == NULL && out.owner.release == NULL);
  }
  const kms_grants_query forged = {.limit = 1, .cursor = BYTES("o12345678")};
  kms_grants out = {.struct_size = sizeof out};
  CHECK(driver.grants(database, &call.call, &forged, &out, test_error()) == KMS_INVALID);
  driver.close(database);
}

static void shows_only_what_one_may_see(void) {
  kms_database *database = open_with_three();
  const kms_text_list ann = LIST(TEXT("ann"), TEXT("*")), eve = LIST(TEXT("eve"), TEXT("*"));
  const kms_text_list nobody = LIST(TEXT("")), bob_second = LIST(TEXT("eve"), TEXT("bob"));
  const kms_query rows[] = {
    {.who = ann}, {.who = eve}, {.who = nobody}, {.who = bob_second},
    {.who = ann, .flags = KMS_QUERY_OWNED}, {.who = ann, .flags = KMS_QUERY_GRANTED},
    {.who = ann, .rights = 4}, {.who = eve, .rights = 6}, {.who = eve, .rights = 1},
  };
  const char *const expected[] = {"ab", "b", "", "", "a", "b", "a", "b", ""};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    kms_objects found = query(database, rows[i]);
    CHECK(found.count == strlen(expected[i]));
    for (size_t n = 0; n < found.count; n++)
      CHECK(found.items[n].uid.data[0] == expected[i][n]);
    end(found.owner);
  }
  kms_objects found = query(database, (kms_query){.who = ann, .parts = KMS_PART_OBJECT});
  CHECK(found.items[0].rights == 0 && found.items[1].rights == 3);
  CHECK(test_is_secure(found.items[1].object) && found.items[1].attributes.size == 0);
  end(found.owner);
  driver.close(database);
}

static void pages_return_each_object_once(void) {
  kms_database *database = open_ready();
  enum { COUNT = 25 };
  char uids[COUNT][4];
  for (int i = 0; i < COUNT; i++) {
    const size_t size = (size_t)snprintf(uids[i], sizeof uids[i], "%02d", i);
    CHECK(write_one(database, create((kms_text){uids[i], size}, TEXT("ann"), 1)) == KMS_OK);
  }
  for (uint32_t newest = 0; newest <= KMS_QUERY_NEWEST; newest += KMS_QUERY_NEWEST) {
    uint8_t cursor[KMS_MAX_CURSOR];
    kms_query page = {.limit = 7, .skip = 2, .flags = newest | KMS_QUERY_COUNT};
    int next = newest ? COUNT - 3 : 2, pages = 0;
    do {
      kms_objects found = query(database, page);
      CHECK(found.total == COUNT && found.count <= 7 && found.cursor.size <= sizeof cursor);
      for (size_t n = 0; n < found.count; n++, next += newest ? -1 : 1)
        CHECK(same(found.items[n].uid, uids[next]));
      memcpy(cursor, found.cursor.data, found.cursor.size);
      page.cursor = (kms_bytes){cursor, found.cursor.size};
      end(found.owner);
      // What was returned may go, and what comes new comes last: neither moves the rest.
      if (pages++ == 0) {
        kms_write write = create(TEXT("extra"), TEXT("ann"), 1);
        CHECK(write_one(database, write) == KMS_OK);
        write.op = KMS_WRITE_DELETE;
        CHECK(write_one(database, write) == KMS_OK);
      }
    } while (page.cursor.size > 0);
    CHECK(pages == 4 && next == (newest ? -1 : COUNT));
  }
  const kms_query all = {.limit = COUNT};
  kms_objects found = query(database, all); // a full page that is the last one
  CHECK(found.count == COUNT && found.cursor.size == 0);
  end(found.owner);
  driver.close(database);
}

static kms_status changes(kms_database *database, test_call *call, kms_bytes token,
                          kms_changes *out) {
  *out = (kms_changes){.struct_size = sizeof *out};
  return driver.changes(database, &call->call, token, out, test_error());
}

static void tells_what_changed(void) {
  kms_database *database = open_ready();
  test_call call;
  test_call_init(&call, 0, 0);
  kms_changes start, next, last;
  CHECK(changes(database, &call, (kms_bytes){0}, &start) == KMS_OK);
  CHECK(start.count == 0 && start.token.size > 0 && start.token.size <= KMS_MAX_TOKEN);

  CHECK(write_one(database, create(TEXT("a"), TEXT("ann"), 1)) == KMS_OK);
  CHECK(write_one(database, create(TEXT("a"), TEXT("ann"), 1)) == KMS_EXISTS); // no change
  CHECK(write_one(database, grant(TEXT("h"), TEXT("bob"), 1)) == KMS_OK);
  CHECK(changes(database, &call, start.token, &next) == KMS_OK);
  CHECK(next.flags == 0 && next.count == 2);
  CHECK(same(next.uids[0], "a") && same(next.uids[1], "h"));

  test_call_init(&call, 0, test_now_ns); // now is the deadline: no failure, no news
  CHECK(changes(database, &call, next.token, &last) == KMS_OK && last.count == 0);
  CHECK(last.token.size == next.token.size);
  end(last.owner);
  CHECK(changes(database, &call, BYTES("0123456789abcdef"), &last) == KMS_OK);
  CHECK(last.flags == KMS_CHANGES_LOST && last.count == 0);
  end(last.owner);
  CHECK(driver.clear(database, &call.call, false, test_error()) == KMS_DEADLINE);
  test_call_init(&call, 0, 0);
  CHECK(driver.clear(database, &call.call, false, test_error()) == KMS_OK);
  CHECK(changes(database, &call, next.token, &last) == KMS_OK);
  CHECK(last.flags == KMS_CHANGES_LOST);

  for (int i = 0; i < 2000; i++) { // more than it remembers
    kms_write write = create(TEXT("a"), TEXT("ann"), 1);
    write.op = i % 2 == 0 ? KMS_WRITE_CREATE : KMS_WRITE_DELETE;
    CHECK(write_one(database, write) == KMS_OK);
  }
  end(next.owner);
  CHECK(changes(database, &call, last.token, &next) == KMS_OK);
  CHECK(next.flags == KMS_CHANGES_LOST && next.count == 0);
  end(start.owner);
  end(next.owner);
  end(last.owner);
  driver.close(database);
}

typedef struct waiting {
  kms_database *database;
  test_call call;
  kms_changes since, out;
  kms_status status;
} waiting;

static void *wait_in_thread(void *argument) {
  waiting *self = argument;
  self->status = changes(self->database, &self->call, self->since.token, &self->out);
  return NULL;
}

static void ends_waiting_on_change_cancel_and_deadline(void) {
  enum { CHANGE, CANCEL, FLAG, DEADLINE, WAYS };
  for (int way = 0; way < WAYS; way++) {
    waiting self = {.database = open_ready()};
    test_call_init(&self.call, 0, 0);
    CHECK(changes(self.database, &self.call, (kms_bytes){0}, &self.since) == KMS_OK);
    test_call_init(&self.call, 0, way == DEADLINE ? test_now_ns + 1000 : 0);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, wait_in_thread, &self) == 0);
    nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL); // it may wait by now, or not yet

    if (way == CHANGE)
      CHECK(write_one(self.database, create(TEXT("a"), TEXT("ann"), 1)) == KMS_OK);
    if (way == FLAG) self.call.is_cancelled = true;
    if (way == DEADLINE) test_now_ns += 2000;
    if (way == CANCEL) {
      driver.cancel(self.database, self.call.call.id + 1000); // of nobody
      self.call.is_cancelled = true;
      driver.cancel(self.database, self.call.call.id);
    }
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(self.status == (way == CANCEL || way == FLAG ? KMS_CANCELLED : KMS_OK));
    if (self.status == KMS_OK) CHECK(self.out.count == (way == CHANGE));
    end(self.out.owner);
    end(self.since.owner);
    driver.close(self.database);
  }
}

static void does_nothing_too_late_or_cancelled(void) {
  kms_database *database = open_with_three();
  for (int cancelled = 0; cancelled < 2; cancelled++) {
    test_call call;
    test_call_init(&call, 0, cancelled ? 0 : test_now_ns - 1);
    call.is_cancelled = cancelled != 0;
    const kms_status expected = cancelled ? KMS_CANCELLED : KMS_DEADLINE;
    const kms_get item = {.uid = TEXT("a")};
    const kms_query everything = {.struct_size = sizeof everything, .limit = 1};
    const kms_grants_query all_grants = {.struct_size = sizeof all_grants, .limit = 1};
    const kms_write write = create(TEXT("late"), TEXT("ann"), 1);
    const kms_database_open options = {.struct_size = sizeof options};
    kms_database *other = NULL;
    kms_objects objects = {.struct_size = sizeof objects};
    kms_grants grants = {.struct_size = sizeof grants};
    kms_written out;
    kms_texts plan = {.struct_size = sizeof plan};
    kms_statistics statistics = {.struct_size = sizeof statistics};
    kms_context context = {.struct_size = sizeof context};
    const kms_call *late = &call.call;
    CHECK(driver.open(&options, late, &other, test_error()) == expected && other == NULL);
    CHECK(driver.health(database, late, test_error()) == expected);
    CHECK(driver.context(database, late, &context, test_error()) == expected);
    CHECK(driver.migrate(database, late, test_error()) == expected);
    CHECK(driver.plan(database, late, &plan, test_error()) == expected);
    CHECK(driver.clear(database, late, true, test_error()) == expected);
    CHECK(driver.get(database, late, &item, 1, &objects, test_error()) == expected);
    CHECK(driver.query(database, late, &everything, &objects, test_error()) == expected);
    CHECK(driver.apply(database, late, &write, 1, &out, test_error()) == expected);
    CHECK(driver.grants(database, late, &all_grants, &grants, test_error()) == expected);
    CHECK(driver.statistics(database, late, &statistics, test_error()) == expected);
  }
  EXPECT(query(database, (kms_query){0}), "a", "b", "c");
  driver.close(database);
}

static void answers_inline_only_what_is_short(void) {
  kms_database *database = open_ready();
  test_call call;
  test_call_init(&call, KMS_CALL_INLINE, 0);
  kms_get items[300];
  for (size_t i = 0; i < 300; i++) items[i] = (kms_get){.uid = TEXT("a"), .parts = 15};
  kms_objects out = {.struct_size = sizeof out};
  kms_write large = create(TEXT("a"), TEXT("ann"), 1);
  uint8_t *bytes = calloc(1, 100000);
  CHECK(bytes != NULL && write_one(database, large) == KMS_OK);
  CHECK(driver.get(database, &call.call, items, 1, &out, test_error()) == KMS_OK);
  end(out.owner);
  CHECK(driver.get(database, &call.call, items, 300, &out, test_error()) == KMS_WOULD_BLOCK);
  large.op = KMS_WRITE_UPDATE;
  large.parts = KMS_PART_OBJECT;
  large.object.object = (kms_bytes){bytes, 100000};
  CHECK(write_one(database, large) == KMS_OK);
  CHECK(driver.get(database, &call.call, items, 1, &out, test_error()) == KMS_WOULD_BLOCK);

  const kms_query everything = {.struct_size = sizeof everything, .limit = 1};
  CHECK(driver.query(database, &call.call, &everything, &out, test_error()) == KMS_OK);
  end(out.owner);
  free(bytes);
  driver.close(database);
}

static void shares_a_database_by_name(void) {
  const kms_setting name = {.name = TEXT("memory-name"), .text = TEXT("shared")};
  kms_database *one = open_with(&name, 1, 0), *two = open_with(&name, 1, 0);
  CHECK(migrate(one) == KMS_OK);
  CHECK(write_one(one, create(TEXT("a"), TEXT("ann"), 1)) == KMS_OK);
  EXPECT(query(two, (kms_query){0}), "a");

  test_call call;
  test_call_init(&call, 0, 0);
  CHECK(driver.clear(one, &call.call, false, test_error()) == KMS_CONFLICT);
  CHECK(driver.clear(one, &call.call, true, test_error()) == KMS_OK);
  expect_uids(query(two, (kms_query){0}), 0, NULL);
  driver.close(one);
  CHECK(write_one(two, create(TEXT("a"), TEXT("ann"), 1)) == KMS_OK);
  driver.close(two);
  one = open_with(&name, 1, 0);
  kms_context context = {.struct_size = sizeof context};
  CHECK(driver.context(one, &call.call, &context, test_error()) == KMS_OK);
  CHECK(context.state == KMS_SCHEMA_EMPTY); // nothing is kept beyond the last close
  driver.close(one);
}

static void keeps_to_its_limit(void) {
  const kms_setting limit = {.name = TEXT("memory-max-objects"), .number = 1};
  kms_database *database = open_with(&limit, 1, 0);
  CHECK(migrate(database) == KMS_OK);
  CHECK(write_one(database, create(TEXT("a"), TEXT("ann"), 1)) == KMS_OK);
  CHECK(write_one(database, create(TEXT("b"), TEXT("ann"), 1)) == KMS_EXHAUSTED);
  CHECK(write_one(database, grant(TEXT("a"), TEXT("bob"), 1)) == KMS_OK);
  CHECK(write_one(database, grant(TEXT("a"), TEXT("eve"), 1)) == KMS_EXHAUSTED);

  test_call call;
  test_call_init(&call, 0, 0);
  kms_statistics out = {.struct_size = sizeof out};
  CHECK(driver.statistics(database, &call.call, &out, test_error()) == KMS_OK);
  CHECK(out.count == 3 && strcmp(out.items[0].name, "objects") == 0);
  CHECK(out.items[0].value == 1 && out.items[1].value == 1);
  end(out.owner);
  driver.close(database);
}

static void survives_every_failed_allocation(void) {
  for (int n = 0;; n++) {
    kms_database *database = open_ready();
    kms_write batch[] = {
      create(TEXT("a"), TEXT("ann"), 1), create(TEXT("b"), TEXT("ann"), 1),
      {.op = KMS_WRITE_UPDATE, .object = {.uid = TEXT("a"), .revision = 2}},
    };
    kms_written out[3];
    test_allocations_left = n;
    CHECK(apply(database, batch, 3, out) == KMS_OK);
    test_call call;
    test_call_init(&call, 0, 0);
    const kms_get item = {.uid = TEXT("a"), .parts = KMS_PART_OBJECT};
    kms_objects found = {.struct_size = sizeof found};
    const kms_status got =
        driver.get(database, &call.call, &item, 1, &found, test_error());
    const bool was_reached = test_allocations_left < 0;
    test_allocations_left = -1;

    const bool wrote = out[0].status == KMS_OK;
    CHECK(wrote == (n >= 3)); // two creations and an update take three
    for (int i = 0; i < 3; i++)
      CHECK(out[i].status ==
            (wrote ? KMS_OK : i == n ? KMS_EXHAUSTED : KMS_ABORTED));
    CHECK(got == (n == 3 ? KMS_EXHAUSTED : KMS_OK));
    if (got == KMS_OK) CHECK(found.items[0].status == (wrote ? KMS_OK : KMS_NOT_FOUND));
    end(found.owner);
    driver.close(database);
    CHECK(test_secure_blocks() == 0);
    if (!was_reached) return;
  }
}

// Threads. Each pair of objects is written in one batch with one revision, so whoever reads both in
// one call must find the same.

enum { THREADS = 8, PAIRS = 4 };

typedef struct worker {
  kms_database *database;
  unsigned number;
} worker;

static void write_pair(kms_database *database, kms_text left, kms_text right,
                       uint64_t revision) {
  kms_write items[] = {create(left, TEXT("ann"), revision), create(right, TEXT("ann"), revision)};
  kms_written out[2];
  if (revision % 3 != 0) items[0].op = items[1].op = KMS_WRITE_UPDATE;
  if (revision % 3 == 2) items[0].op = items[1].op = KMS_WRITE_DELETE;
  items[0].parts = items[1].parts = KMS_PART_OBJECT;
  CHECK(apply(database, items, 2, out) == KMS_OK);
  CHECK((out[0].status == KMS_OK) == (out[1].status == KMS_OK));
}

static void read_pair(kms_database *database, kms_text left, kms_text right, uint32_t flags) {
  test_call call;
  test_call_init(&call, flags, 0);
  const kms_get items[] = {
    {.uid = left, .parts = KMS_PART_OBJECT}, {.uid = right, .parts = KMS_PART_OBJECT},
  };
  kms_objects found = {.struct_size = sizeof found};
  const kms_status status =
      driver.get(database, &call.call, items, 2, &found, test_error());
  if (status == KMS_WOULD_BLOCK && flags == KMS_CALL_INLINE) return;
  CHECK(status == KMS_OK && found.items[0].status == found.items[1].status);
  CHECK(found.items[0].revision == found.items[1].revision);
  end(found.owner);
}

static void *hammer(void *argument) {
  const worker *self = argument;
  unsigned random = self->number * 7919 + 1;
  for (unsigned i = 0; i < rounds; i++) {
    random = random * 1664525 + 1013904223;
    const char letter = (char)('a' + (random >> 16) % PAIRS);
    const char names[2][2] = {{letter, '1'}, {letter, '2'}};
    const kms_text left = {names[0], 2}, right = {names[1], 2};
    kms_objects found;
    switch ((random >> 24) % 6) {
      case 0:
      case 1: write_pair(self->database, left, right, (random >> 8) | 1u); break;
      case 2: read_pair(self->database, left, right, 0); break;
      case 3: read_pair(self->database, left, right, KMS_CALL_INLINE); break;
      case 4: CHECK(write_one(self->database, grant(left, TEXT("bob"), 1)) == KMS_OK); break;
      default:
        found = query(self->database, (kms_query){.who = LIST(TEXT("ann")), .limit = 3});
        CHECK(found.count <= 3);
        end(found.owner);
    }
  }
  return NULL;
}

/// Reads the feed until it is cancelled.
static void *follow(void *argument) {
  waiting *self = argument;
  for (;;) {
    self->status = changes(self->database, &self->call, self->since.token, &self->out);
    if (self->status != KMS_OK) return NULL;
    for (size_t i = 0; i < self->out.count; i++) CHECK(self->out.uids[i].size == 2);
    end(self->since.owner);
    self->since = self->out;
  }
}

static void many_threads_see_whole_batches(void) {
  kms_database *database = open_ready();
  waiting follower = {.database = database};
  test_call_init(&follower.call, 0, 0);
  CHECK(changes(database, &follower.call, (kms_bytes){0}, &follower.since) == KMS_OK);
  pthread_t follow_thread, threads[THREADS];
  worker workers[THREADS];
  CHECK(pthread_create(&follow_thread, NULL, follow, &follower) == 0);
  for (unsigned i = 0; i < THREADS; i++) {
    workers[i] = (worker){database, i};
    CHECK(pthread_create(&threads[i], NULL, hammer, &workers[i]) == 0);
  }
  for (unsigned i = 0; i < THREADS; i++) CHECK(pthread_join(threads[i], NULL) == 0);
  driver.cancel(database, follower.call.call.id); // the id is enough, if it waits
  follower.call.is_cancelled = true;
  CHECK(pthread_join(follow_thread, NULL) == 0 && follower.status == KMS_CANCELLED);
  end(follower.since.owner);
  driver.close(database);
}

static const struct { const char *name; void (*run)(void); } cases[] = {
#define CASE(name) {#name, name}
  CASE(serves_nothing_before_migration),
  CASE(refuses_what_it_cannot_open),
  CASE(returns_what_was_stored),
  CASE(updates_only_the_parts_named),
  CASE(holds_conditions_against_the_object),
  CASE(commits_each_batch_whole_or_not_at_all),
  CASE(keeps_unique_terms_unique),
  CASE(adds_and_removes_rights),
  CASE(applies_every_filter),
  CASE(leaves_what_it_does_not_know_to_the_host),
  CASE(refuses_what_is_no_query),
  CASE(shows_only_what_one_may_see),
  CASE(pages_return_each_object_once),
  CASE(tells_what_changed),
  CASE(ends_waiting_on_change_cancel_and_deadline),
  CASE(does_nothing_too_late_or_cancelled),
  CASE(answers_inline_only_what_is_short),
  CASE(shares_a_database_by_name),
  CASE(keeps_to_its_limit),
  CASE(survives_every_failed_allocation),
  CASE(many_threads_see_whole_batches),
};

static const kms_plugin *load(const char *path) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) fprintf(stderr, "%s\n", dlerror());
  CHECK(library != NULL);
  kms_plugin_entry_fn entry;
  *(void **)&entry = dlsym(library, KMS_PLUGIN_ENTRY);
  CHECK(entry != NULL && entry(KMS_ABI_MAJOR + 1) == NULL);
  return entry(KMS_ABI_MAJOR);
}

int main(int argc, char **argv) {
  CHECK(argc >= 2);
  if (argc > 2) rounds = (unsigned)strtoul(argv[2], NULL, 10);
  const kms_plugin *plugin = load(argv[1]);
  CHECK(plugin->struct_size == sizeof *plugin && plugin->info->kind == KMS_DATABASE);
  CHECK(strcmp(plugin->info->serves[0], "memory") == 0 && plugin->info->serves[1] == NULL);
  CHECK(plugin->init(&test_host, test_error()) == KMS_OK);
  CHECK(plugin->get_interface("org.example.none/1") == NULL);
  const kms_database_driver *found = plugin->get_interface(KMS_DATABASE_INTERFACE);
  CHECK(found != NULL && found->writers == 1);
  const size_t size = found->struct_size < sizeof driver ? found->struct_size : sizeof driver;
  memcpy(&driver, found, size);

  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    printf("%s\n", cases[i].name);
    fflush(stdout);
    cases[i].run();
    CHECK(test_secure_blocks() == 0);
  }
  plugin->deinit();
  return 0;
}
