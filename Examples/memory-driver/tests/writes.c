#include "test.h"

void returns_what_was_stored(void) {
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

void updates_only_the_parts_named(void) {
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

void holds_conditions_against_the_object(void) {
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

void commits_each_batch_whole_or_not_at_all(void) {
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

void keeps_unique_terms_unique(void) {
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

void adds_and_removes_rights(void) {
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
