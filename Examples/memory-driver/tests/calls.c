// Short forms of what most cases need.

#include "test.h"

kms_database_driver driver;
unsigned rounds = 2000;

kms_database *open_with(const kms_setting *settings, size_t count, uint32_t flags) {
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

kms_status migrate(kms_database *database) {
  test_call call;
  test_call_init(&call, 0, 0);
  return driver.migrate(database, &call.call, test_error());
}

kms_database *open_fresh(void) {
  const kms_setting place = fresh_place();
  return open_with(&place, 1, 0);
}

kms_database *open_ready(void) {
  kms_database *database = open_fresh();
  CHECK(migrate(database) == KMS_OK);
  return database;
}

kms_status apply(kms_database *database, const kms_write *items, size_t count,
                        kms_written *out) {
  test_call call;
  test_call_init(&call, 0, 0);
  return driver.apply(database, &call.call, items, count, out, test_error());
}

kms_status write_one(kms_database *database, kms_write write) {
  kms_written out = {.status = KMS_INTERNAL};
  CHECK(apply(database, &write, 1, &out) == KMS_OK);
  return out.status;
}

kms_write create(kms_text uid, kms_text owner, uint64_t revision) {
  return (kms_write){
    .op = KMS_WRITE_CREATE,
    .object = {
      .uid = uid, .owner = owner, .type = 2, .state = 1, .revision = revision,
      .object = BYTES("secret bytes"), .attributes = BYTES("{}"),
    },
  };
}

kms_write grant(kms_text uid, kms_text user, uint64_t rights) {
  return (kms_write){
    .op = KMS_WRITE_GRANT, .object.uid = uid, .user = user, .rights = rights,
  };
}

kms_objects get(kms_database *database, const kms_get *items, size_t count) {
  test_call call;
  test_call_init(&call, 0, 0);
  kms_objects out = {.struct_size = sizeof out};
  CHECK(driver.get(database, &call.call, items, count, &out, test_error()) == KMS_OK);
  CHECK(out.count == count && out.total == -1 && out.cursor.size == 0);
  return out;
}

kms_objects get_one(kms_database *database, kms_text uid, kms_text_list who) {
  const kms_get item = {
    .uid = uid, .who = who,
    .parts = KMS_PART_OBJECT | KMS_PART_ATTRIBUTES | KMS_PART_TAGS,
  };
  return get(database, &item, 1);
}

kms_objects query(kms_database *database, kms_query query) {
  test_call call;
  test_call_init(&call, 0, 0);
  query.struct_size = sizeof query;
  if (query.limit == 0) query.limit = 1000;
  kms_objects out = {.struct_size = sizeof out};
  CHECK(driver.query(database, &call.call, &query, &out, test_error()) == KMS_OK);
  return out;
}

void end(kms_owner owner) {
  if (owner.release != NULL) owner.release(owner.owner);
}

void expect_uids(kms_objects found, size_t count, const char *const *uids) {
  CHECK(found.count == count);
  for (size_t i = 0; i < count; i++) CHECK(same(found.items[i].uid, uids[i]));
  end(found.owner);
}

uint64_t revision_of(kms_database *database, kms_text uid) {
  kms_objects found = get_one(database, uid, (kms_text_list){0});
  const uint64_t revision = found.items[0].revision;
  end(found.owner);
  return revision;
}

kms_database *open_with_three(void) {
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

kms_status changes(kms_database *database, test_call *call, kms_bytes token,
                          kms_changes *out) {
  *out = (kms_changes){.struct_size = sizeof *out};
  return driver.changes(database, &call->call, token, out, test_error());
}
