// A ring of the uids that changed last. A token is the origin of the feed and the number of the
// change to come when it was given.

#include <stdlib.h>
#include <time.h>
#include "memory.h"
#include "pack.h"

enum { TOKEN_SIZE = 16 };

/// How long a waiter sleeps before it asks host and clock again: the host may have frozen its
/// clock, or cancelled the call without telling.
static const long nap_ns = 50 * 1000 * 1000;

bool feed_init(feed *feed) {
  pthread_condattr_t clock;
  if (pthread_condattr_init(&clock) != 0) return false;
  pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
  const bool has_condition = pthread_cond_init(&feed->changed, &clock) == 0;
  pthread_condattr_destroy(&clock);
  if (!has_condition) return false;
  if (pthread_mutex_init(&feed->mutex, NULL) == 0) {
    uint8_t *origin = (uint8_t *)&feed->origin;
    if (host.random(host.context, origin, sizeof feed->origin) == KMS_OK) return true;
    pthread_mutex_destroy(&feed->mutex);
  }
  pthread_cond_destroy(&feed->changed);
  return false;
}

void feed_free(feed *feed) {
  pthread_mutex_destroy(&feed->mutex);
  pthread_cond_destroy(&feed->changed);
}

void feed_begin(feed *feed) { pthread_mutex_lock(&feed->mutex); }

void feed_end(feed *feed) {
  pthread_cond_broadcast(&feed->changed);
  pthread_mutex_unlock(&feed->mutex);
}

void feed_add(feed *feed, kms_text uid) {
  const size_t slot = feed->next++ % FEED_LENGTH;
  feed->changes[slot].size = (uint8_t)uid.size;
  memcpy(feed->changes[slot].uid, uid.data, uid.size);
  if (feed->next - feed->first > FEED_LENGTH) feed->first = feed->next - FEED_LENGTH;
}

void feed_lose(feed *feed) {
  feed_begin(feed);
  feed->next++; // a change without a uid: even the newest token is behind it
  feed->first = feed->next;
  feed_end(feed);
}

void feed_cancel(feed *feed, uint64_t call_id) {
  pthread_mutex_lock(&feed->mutex);
  for (waiter *waiter = feed->waiters; waiter != NULL; waiter = waiter->next)
    if (waiter->call_id == call_id) waiter->is_cancelled = true;
  pthread_cond_broadcast(&feed->changed);
  pthread_mutex_unlock(&feed->mutex);
}

static void write_token(const feed *feed, uint8_t token[TOKEN_SIZE]) {
  memcpy(token, &feed->origin, 8);
  memcpy(token + 8, &feed->next, 8);
}

/// False when the token is too old or not of this feed.
static bool read_token(const feed *feed, kms_bytes token, uint64_t *since) {
  if (token.size != TOKEN_SIZE || memcmp(token.data, &feed->origin, 8) != 0) return false;
  memcpy(since, token.data + 8, 8);
  return *since >= feed->first && *since <= feed->next;
}

/// The uids of all changes from `since` on, and a token for what comes after them.
static void lay_out(const feed *feed, uint64_t since, pack *pack, kms_changes *out) {
  kms_text *uids = pack_room(pack, (size_t)(feed->next - since) * sizeof *uids);
  size_t count = 0;
  for (uint64_t number = since; number < feed->next; number++, count++) {
    const size_t slot = number % FEED_LENGTH;
    kms_text uid = {feed->changes[slot].uid, feed->changes[slot].size};
    uid = pack_text(pack, uid);
    if (uids != NULL) uids[count] = uid;
  }
  uint8_t token[TOKEN_SIZE];
  write_token(feed, token);
  out->uids = uids;
  out->count = count;
  out->token = pack_bytes(pack, (kms_bytes){token, sizeof token});
}

static kms_status answer(const feed *feed, uint64_t since, uint32_t flags, kms_changes *out) {
  kms_changes result = {.flags = flags};
  pack block = {0};
  lay_out(feed, since, &block, &result);
  block = (pack){.memory = malloc(block.used)};
  if (block.memory == NULL) return KMS_EXHAUSTED;

  lay_out(feed, since, &block, &result);
  out->flags = result.flags;
  out->uids = result.uids;
  out->count = result.count;
  out->token = result.token;
  out->owner = (kms_owner){free, block.memory};
  return KMS_OK;
}

static void nap(feed *feed) {
  struct timespec until;
  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_nsec += nap_ns;
  if (until.tv_nsec >= 1000000000) {
    until.tv_nsec -= 1000000000;
    until.tv_sec++;
  }
  pthread_cond_timedwait(&feed->changed, &feed->mutex, &until);
}

/// Waits with the mutex of the feed held, save while it sleeps.
static kms_status wait_for_change(feed *feed, const kms_call *call, waiter *self,
                                  kms_bytes token, kms_changes *out) {
  if (token.size == 0) return answer(feed, feed->next, 0, out);
  for (;; nap(feed)) {
    uint64_t since;
    if (!read_token(feed, token, &since))
      return answer(feed, feed->next, KMS_CHANGES_LOST, out);
    if (since < feed->next) return answer(feed, since, 0, out);
    const kms_status status = self->is_cancelled ? KMS_CANCELLED : call_status(call);
    if (status == KMS_DEADLINE) return answer(feed, since, 0, out); // no news is no failure
    if (status != KMS_OK) return status;
  }
}

kms_status memory_changes(kms_database *database, const kms_call *call, kms_bytes token,
                          kms_changes *out, kms_error *error) {
  store *store = database->store;
  pthread_rwlock_rdlock(&store->lock);
  const kms_status serves = store_status(store); // once it does, it goes on
  pthread_rwlock_unlock(&store->lock);
  if (serves != KMS_OK) return refuse(error, serves);

  feed *feed = &store->feed;
  waiter self = {.call_id = call->id};
  pthread_mutex_lock(&feed->mutex);
  self.next = feed->waiters;
  feed->waiters = &self;
  const kms_status status = wait_for_change(feed, call, &self, token, out);
  waiter **at = &feed->waiters;
  while (*at != &self) at = &(*at)->next;
  *at = self.next;
  pthread_mutex_unlock(&feed->mutex);
  return status == KMS_OK ? KMS_OK : refuse(error, status);
}
