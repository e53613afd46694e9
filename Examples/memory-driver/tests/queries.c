#include "test.h"

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

void applies_every_filter(void) {
  kms_database *database = open_with_three();
  const struct {
    const char *expected;
    const kms_filter *filters;
    size_t count;
  } rows[] = {
    {"abc", NULL, 0},
    {"a", FILTERS(NUMBER(EQUAL, "Length", 256))},
    {"", FILTERS(WORD(EQUAL, "Length", "256"))},
    {"", FILTERS({.op = KMS_FILTER_EQUAL, .path = TEXT("Length"),
                  .value = {.type = KMS_VALUE_TEXT, .number = 256}})},
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

void leaves_what_it_does_not_know_to_the_host(void) {
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

void refuses_what_is_no_query(void) {
  kms_database *database = open_with_three();
  test_call call;
  test_call_init(&call, 0, 0);
  const kms_filter and_two[] = {NODE(AND, 2), NUMBER(STATE, "", 1)};
  const kms_filter two_roots[] = {NUMBER(STATE, "", 1), NUMBER(STATE, "", 2)};
  const kms_filter too_late[] = {NUMBER(STATE, "", 1), NUMBER(STATE, "", 2), NODE(AND, 2)};
  const kms_filter not_of_two[] = {NODE(NOT, 2), NODE(AND, 0), NODE(AND, 0)};
  const kms_query rows[] = {
    {.limit = 0},
    {.limit = 1001},
    {.limit = 1, .filters = and_two, .filter_count = 2},
    {.limit = 1, .filters = two_roots, .filter_count = 2},
    {.limit = 1, .filters = too_late, .filter_count = 3},
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

void shows_only_what_one_may_see(void) {
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

/// Walks all pages of objects named 00, 01, ..., and changes other objects in between.
static void walk_pages(kms_database *database, int objects, uint32_t flags) {
  uint8_t cursor[KMS_MAX_CURSOR];
  kms_query page = {.limit = 7, .skip = 2, .flags = flags};
  const int step = flags & KMS_QUERY_NEWEST ? -1 : 1;
  const int64_t total = flags & KMS_QUERY_COUNT ? objects : -1;
  int next = step < 0 ? objects - 3 : 2, pages = 0;
  do {
    kms_objects found = query(database, page);
    CHECK(found.total == total && found.count <= 7 && found.cursor.size <= sizeof cursor);
    for (size_t n = 0; n < found.count; n++, next += step) {
      const char expected[] = {(char)('0' + next / 10), (char)('0' + next % 10), '\0'};
      CHECK(same(found.items[n].uid, expected));
    }
    page.cursor = (kms_bytes){cursor, found.cursor.size};
    if (found.cursor.size > 0) memcpy(cursor, found.cursor.data, found.cursor.size);
    end(found.owner);
    if (pages++ == 0) { // what comes new comes last, what goes leaves the rest where it is
      kms_write write = create(TEXT("extra"), TEXT("ann"), 1);
      CHECK(write_one(database, write) == KMS_OK);
      write.op = KMS_WRITE_DELETE;
      CHECK(write_one(database, write) == KMS_OK);
    }
  } while (page.cursor.size > 0);
  CHECK(pages == 4 && next == (step < 0 ? -1 : objects));
}

void pages_return_each_object_once(void) {
  kms_database *database = open_ready();
  enum { COUNT = 25 };
  for (int i = 0; i < COUNT; i++) {
    const char uid[] = {(char)('0' + i / 10), (char)('0' + i % 10)};
    CHECK(write_one(database, create((kms_text){uid, 2}, TEXT("ann"), 1)) == KMS_OK);
  }
  walk_pages(database, COUNT, 0);
  walk_pages(database, COUNT, KMS_QUERY_COUNT);
  walk_pages(database, COUNT, KMS_QUERY_NEWEST);
  walk_pages(database, COUNT, KMS_QUERY_NEWEST | KMS_QUERY_COUNT);

  kms_objects found = query(database, (kms_query){.limit = COUNT}); // full, and the last one
  CHECK(found.count == COUNT && found.cursor.size == 0);
  end(found.owner);
  driver.close(database);
}
