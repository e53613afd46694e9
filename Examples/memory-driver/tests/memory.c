// What holds for this driver alone.

#include "test.h"

const char own_name[] = "memory", own_limit[] = "memory-max-objects";

kms_setting fresh_place(void) {
  static char name[16];
  static unsigned count;
  const int size = snprintf(name, sizeof name, "place-%u", ++count);
  return (kms_setting){.name = TEXT("memory-name"), .text = {name, (size_t)size}};
}

static void keeps_nothing_beyond_the_last_close(void) {
  const kms_setting place = fresh_place();
  kms_database *database = open_with(&place, 1, 0);
  CHECK(migrate(database) == KMS_OK);
  driver.close(database);

  database = open_with(&place, 1, 0);
  test_call call;
  test_call_init(&call, 0, 0);
  kms_context context = {.struct_size = sizeof context};
  CHECK(driver.context(database, &call.call, &context, test_error()) == KMS_OK);
  CHECK(context.state == KMS_SCHEMA_EMPTY);
  driver.close(database);
}

static void shares_nothing_without_a_name(void) {
  kms_database *one = open_with(NULL, 0, 0), *two = open_with(NULL, 0, 0);
  CHECK(migrate(one) == KMS_OK && migrate(two) == KMS_OK);
  CHECK(write_one(one, create(TEXT("a"), TEXT("ann"), 1)) == KMS_OK);
  expect_uids(query(two, (kms_query){0}), 0, NULL);
  driver.close(one);
  driver.close(two);
}

const test_case own_cases[] = {
  {"keeps_nothing_beyond_the_last_close", keeps_nothing_beyond_the_last_close},
  {"shares_nothing_without_a_name", shares_nothing_without_a_name},
  {NULL, NULL},
};
