#include "test.h"

void serves_nothing_before_migration(void) {
  kms_database *database = open_fresh();
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

void refuses_what_it_cannot_open(void) {
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

  const kms_setting place = fresh_place();
  kms_database *writer = open_with(&place, 1, 0);
  database = open_with(&place, 1, KMS_OPEN_READ_ONLY);
  CHECK(migrate(database) == KMS_UNAVAILABLE && migrate(writer) == KMS_OK);
  const kms_write write = create(TEXT("a"), TEXT("ann"), 1);
  kms_written out;
  CHECK(apply(database, &write, 1, &out) == KMS_UNAVAILABLE);
  CHECK(driver.clear(database, &call.call, true, test_error()) == KMS_UNAVAILABLE);
  CHECK(write_one(writer, write) == KMS_OK && revision_of(database, TEXT("a")) == 1);
  driver.close(database);
  driver.close(writer);
}

void does_nothing_too_late_or_cancelled(void) {
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

void answers_inline_only_what_is_short(void) {
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

void shares_a_database_between_handles(void) {
  const kms_setting place = fresh_place();
  kms_database *one = open_with(&place, 1, 0), *two = open_with(&place, 1, 0);
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
  CHECK(driver.clear(two, &call.call, false, test_error()) == KMS_OK);
  driver.close(two);
}

void keeps_to_its_limit(void) {
  const kms_setting settings[] = {
    fresh_place(), {.name = {own_limit, strlen(own_limit)}, .number = 1},
  };
  kms_database *database = open_with(settings, 2, 0);
  CHECK(migrate(database) == KMS_OK);
  CHECK(write_one(database, create(TEXT("a"), TEXT("ann"), 1)) == KMS_OK);
  CHECK(write_one(database, create(TEXT("b"), TEXT("ann"), 1)) == KMS_EXHAUSTED);
  CHECK(write_one(database, grant(TEXT("a"), TEXT("bob"), 1)) == KMS_OK);
  CHECK(write_one(database, grant(TEXT("a"), TEXT("eve"), 1)) == KMS_EXHAUSTED);

  test_call call;
  test_call_init(&call, 0, 0);
  kms_statistics out = {.struct_size = sizeof out};
  CHECK(driver.statistics(database, &call.call, &out, test_error()) == KMS_OK);
  CHECK(out.count >= 3 && strcmp(out.items[0].name, "objects") == 0);
  CHECK(out.items[0].value == 1 && out.items[1].value == 1);
  end(out.owner);
  driver.close(database);
}

/// All of it or nothing, whichever allocation fails.
void survives_every_failed_allocation(void) {
  for (int n = 0;; n++) {
    kms_database *database = open_ready();
    const kms_write batch[] = {
      create(TEXT("a"), TEXT("ann"), 1), create(TEXT("b"), TEXT("ann"), 1),
      {.op = KMS_WRITE_UPDATE, .object = {.uid = TEXT("a"), .revision = 2}},
    };
    kms_written out[3] = {{.status = KMS_INTERNAL}};
    test_allocations_left = n;
    const kms_status applied = apply(database, batch, 3, out);
    test_call call;
    test_call_init(&call, 0, 0);
    const kms_get item = {.uid = TEXT("a"), .parts = KMS_PART_OBJECT};
    kms_objects found = {.struct_size = sizeof found};
    const kms_status got = driver.get(database, &call.call, &item, 1, &found, test_error());
    const bool was_reached = test_allocations_left < 0;
    test_allocations_left = -1;

    const bool wrote = applied == KMS_OK && out[0].status == KMS_OK;
    CHECK(applied == KMS_OK || applied == KMS_EXHAUSTED);
    int faults = 0;
    for (int i = 0; applied == KMS_OK && i < 3; i++) {
      faults += out[i].status == KMS_EXHAUSTED;
      CHECK(out[i].status == (wrote ? KMS_OK : KMS_ABORTED) || out[i].status == KMS_EXHAUSTED);
    }
    CHECK(faults == (wrote || applied != KMS_OK ? 0 : 1));
    CHECK(got == KMS_OK || (got == KMS_EXHAUSTED && wrote));
    end(found.owner);
    found = get_one(database, TEXT("a"), (kms_text_list){0});
    CHECK(found.items[0].status == (wrote ? KMS_OK : KMS_NOT_FOUND));
    end(found.owner);
    CHECK(wrote || write_one(database, batch[0]) == KMS_OK); // it goes on
    driver.close(database);
    CHECK(test_secure_blocks() == 0);
    if (!was_reached) return;
  }
}
