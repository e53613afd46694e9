// Threads. Each pair of objects is written in one batch with one revision, so whoever reads both in
// one call must find the same.

#include <pthread.h>
#include "test.h"

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

void many_threads_see_whole_batches(void) {
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
