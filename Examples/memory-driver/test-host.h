#ifndef MEMORY_TEST_HOST_H
#define MEMORY_TEST_HOST_H
// A host for tests: counts secure memory, fails on demand, and has a clock that the test moves.

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

#endif
