#include <pthread.h>
#include <time.h>
#include "test.h"

void tells_what_changed(void) {
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
  kms_database *other = open_ready(); // as many changes, but not these
  CHECK(write_one(other, create(TEXT("a"), TEXT("ann"), 1)) == KMS_OK);
  CHECK(changes(other, &call, start.token, &last) == KMS_OK);
  CHECK(last.flags == KMS_CHANGES_LOST && last.count == 0);
  end(last.owner);
  driver.close(other);
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

static void *wait_in_thread(void *argument) {
  waiting *self = argument;
  self->status = changes(self->database, &self->call, self->since.token, &self->out);
  return NULL;
}

void ends_waiting_on_change_cancel_and_deadline(void) {
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
