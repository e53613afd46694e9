#ifndef MEMORY_TEST_H
#define MEMORY_TEST_H
// What the tests share: a host that counts secure memory, fails on demand and has a clock that the
// test moves; short forms of calls; and the list of all cases.

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <kms/database.h>

#define CHECK(condition)                                                       \
  do {                                                                         \
    if (!(condition)) {                                                        \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);          \
      abort();                                                                 \
    }                                                                          \
  } while (0)

/// A literal as a slice.
#define TEXT(literal) ((kms_text){literal, sizeof literal - 1})
#define BYTES(literal) ((kms_bytes){(const uint8_t *)literal, sizeof literal - 1})
/// A list of slices, for `who` and tags.
#define LIST(...)                                                              \
  ((kms_text_list){(const kms_text[]){__VA_ARGS__},                            \
                   sizeof((const kms_text[]){__VA_ARGS__}) / sizeof(kms_text)})

extern const kms_host test_host;

/// What the clock shows; it stands still unless a test moves it.
extern _Atomic uint64_t test_now_ns;
/// secure_alloc fails when this comes to 0; never when it is negative.
extern atomic_int test_allocations_left;

/// Blocks of secure memory that are not freed yet.
size_t test_secure_blocks(void);
/// Tells whether all bytes lie in one such block.
bool test_is_secure(kms_bytes bytes);

/// A call as the host makes it; cancelled when `is_cancelled` is set.
typedef struct test_call {
  kms_call call; // first
  atomic_bool is_cancelled;
} test_call;
void test_call_init(test_call *call, uint32_t flags, uint64_t deadline_ns);

/// A fresh error; the last message stays readable until the next one on the same thread.
kms_error *test_error(void);

bool same(kms_text text, const char *expected);

/// The driver under test: our copy of its table, as plugin.h says.
extern kms_database_driver driver;
extern unsigned rounds; // of each thread

kms_database *open_with(const kms_setting *settings, size_t count, uint32_t flags);
/// An empty database of its own; after migration.
kms_database *open_fresh(void);
kms_database *open_ready(void);
/// Three objects: "a" of ann, "b" of bob, granted to ann with 1 and to * with 2, "c" of nobody.
kms_database *open_with_three(void);
kms_status migrate(kms_database *database);

kms_write create(kms_text uid, kms_text owner, uint64_t revision);
kms_write grant(kms_text uid, kms_text user, uint64_t rights);
kms_status apply(kms_database *database, const kms_write *items, size_t count,
                 kms_written *out);
/// One write in a batch of its own.
kms_status write_one(kms_database *database, kms_write write);

// Reads that must succeed, or the test ends. Their results are the caller's to `end`.
kms_objects get(kms_database *database, const kms_get *items, size_t count);
kms_objects get_one(kms_database *database, kms_text uid, kms_text_list who);
uint64_t revision_of(kms_database *database, kms_text uid);
/// A `limit` of 0 means 1000.
kms_objects query(kms_database *database, kms_query query);
void end(kms_owner owner);

/// Checks that a query finds exactly these uids, in this order; ends the result.
void expect_uids(kms_objects found, size_t count, const char *const *uids);
#define EXPECT(found, ...)                                                     \
  expect_uids(found, sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *),   \
              (const char *[]){__VA_ARGS__})

kms_status changes(kms_database *database, test_call *call, kms_bytes token, kms_changes *out);

/// A `changes` call on a thread of its own.
typedef struct waiting {
  kms_database *database;
  test_call call;
  kms_changes since, out;
  kms_status status;
} waiting;

typedef struct test_case { const char *name; void (*run)(void); } test_case;

// Said by the driver's own file of tests.

/// What it serves, and the name of the option that limits objects and grants.
extern const char own_name[], own_limit[];
/// Cases of its own, up to one without name.
extern const test_case own_cases[];
/// The setting that names a database which nobody has used yet.
kms_setting fresh_place(void);

#define CASES(CASE)                                                            \
  CASE(serves_nothing_before_migration)                                        \
  CASE(refuses_what_it_cannot_open)                                            \
  CASE(returns_what_was_stored)                                                \
  CASE(updates_only_the_parts_named)                                           \
  CASE(holds_conditions_against_the_object)                                    \
  CASE(commits_each_batch_whole_or_not_at_all)                                 \
  CASE(keeps_unique_terms_unique)                                              \
  CASE(adds_and_removes_rights)                                                \
  CASE(applies_every_filter)                                                   \
  CASE(leaves_what_it_does_not_know_to_the_host)                               \
  CASE(refuses_what_is_no_query)                                               \
  CASE(shows_only_what_one_may_see)                                            \
  CASE(pages_return_each_object_once)                                          \
  CASE(tells_what_changed)                                                     \
  CASE(ends_waiting_on_change_cancel_and_deadline)                             \
  CASE(does_nothing_too_late_or_cancelled)                                     \
  CASE(answers_inline_only_what_is_short)                                      \
  CASE(shares_a_database_between_handles)                                        \
  CASE(keeps_to_its_limit)                                                     \
  CASE(survives_every_failed_allocation)                                       \
  CASE(many_threads_see_whole_batches)

#define DECLARE(name) void name(void);
CASES(DECLARE)
#undef DECLARE

#endif
