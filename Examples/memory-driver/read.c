// What all reads share, and `get`, the simplest of them.

#include <stdlib.h>
#include "pack.h"
#include "read.h"

// What a call with KMS_CALL_INLINE may take; more is for a thread that can wait.
enum {
  QUICK_STEPS = 2048,  // rows looked at, times the work on each
  QUICK_BYTES = 65536, // copied into a result
};

/// The beginning of the block that a result is.
typedef struct result {
  uint8_t *secret; // all objects of the result, one after the other, in secure memory
  size_t secret_size;
} result;

static void release(void *owner) {
  result *result = owner;
  host.secure_free(host.context, result->secret, result->secret_size); // zeroizes
  free(result);
}

static kms_object pack_found(pack *plain, pack *secret, const found *found) {
  kms_object out = {
    .uid = pack_text(plain, found->uid), .rights = found->rights, .flags = found->flags,
    .status = found->row == NULL ? KMS_NOT_FOUND : KMS_OK,
  };
  if (found->row == NULL) return out;
  const kms_object *object = &found->row->object;
  out.owner = pack_text(plain, object->owner);
  out.type = object->type;
  out.state = object->state;
  out.revision = object->revision;
  if (found->flags & KMS_OBJECT_UNCHANGED) return out;
  if (found->parts & KMS_PART_OBJECT) out.object = pack_bytes(secret, object->object);
  if (found->parts & KMS_PART_ATTRIBUTES)
    out.attributes = pack_bytes(plain, object->attributes);
  if (found->parts & KMS_PART_TAGS) out.tags = pack_texts(plain, object->tags);
  return out;
}

static void lay_out(const found *found, size_t count, kms_bytes cursor, pack *plain,
                    pack *secret, kms_objects *out) {
  pack_room(plain, sizeof(result));
  kms_object *items = pack_room(plain, count * sizeof *items);
  for (size_t i = 0; i < count; i++) {
    const kms_object item = pack_found(plain, secret, &found[i]);
    if (items != NULL) items[i] = item;
  }
  out->items = items;
  out->count = count;
  out->cursor = pack_bytes(plain, cursor);
}

kms_status make_objects(const kms_call *call, const found *found, size_t count,
                        kms_bytes cursor, kms_objects *out) {
  kms_objects made = {0};
  pack plain = {0}, secret = {0};
  lay_out(found, count, cursor, &plain, &secret, &made);
  if ((call->flags & KMS_CALL_INLINE) && plain.used + secret.used > QUICK_BYTES)
    return KMS_WOULD_BLOCK;

  result result = {.secret_size = secret.used};
  plain = (pack){.memory = malloc(plain.used)};
  if (plain.memory == NULL) return KMS_EXHAUSTED;
  if (secret.used > 0) {
    result.secret = host.secure_alloc(host.context, secret.used);
    if (result.secret == NULL) {
      free(plain.memory);
      return KMS_EXHAUSTED;
    }
  }
  secret = (pack){.memory = result.secret};
  lay_out(found, count, cursor, &plain, &secret, &made);
  memcpy(plain.memory, &result, sizeof result);
  out->items = made.items;
  out->count = made.count;
  out->cursor = made.cursor;
  out->owner = (kms_owner){release, plain.memory};
  return KMS_OK;
}

kms_status begin_read(kms_database *database, const kms_call *call) {
  pthread_rwlock_t *lock = &database->store->lock;
  if (!(call->flags & KMS_CALL_INLINE)) {
    pthread_rwlock_rdlock(lock);
  } else if (pthread_rwlock_tryrdlock(lock) != 0) {
    return KMS_WOULD_BLOCK;
  }
  kms_status status = store_status(database->store);
  if (status == KMS_OK) status = call_status(call);
  if (status != KMS_OK) pthread_rwlock_unlock(lock);
  return status;
}

kms_status end_read(kms_database *database, kms_status status, kms_error *error) {
  pthread_rwlock_unlock(&database->store->lock);
  return status == KMS_OK ? KMS_OK : refuse(error, status);
}

bool is_too_long(const kms_call *call, size_t steps) {
  return (call->flags & KMS_CALL_INLINE) && steps > QUICK_STEPS;
}

void write_cursor(uint8_t cursor[CURSOR_SIZE], char order, uint64_t position) {
  cursor[0] = (uint8_t)order;
  memcpy(cursor + 1, &position, sizeof position);
}

bool read_cursor(kms_bytes cursor, char order, uint64_t *position) {
  if (cursor.size != CURSOR_SIZE || cursor.data[0] != (uint8_t)order) return false;
  memcpy(position, cursor.data + 1, sizeof *position);
  return true;
}

static found find(const table *table, const kms_get *item) {
  found found = {
    .row = table_object(table, item->uid), .uid = item->uid, .parts = item->parts,
    .rights = table_rights(table, item->uid, item->who),
  };
  if (found.row != NULL && found.row->object.revision == item->known_revision)
    found.flags = KMS_OBJECT_UNCHANGED; // a revision is never 0
  return found;
}

kms_status memory_get(kms_database *database, const kms_call *call, const kms_get *items,
                      size_t count, kms_objects *out, kms_error *error) {
  if (is_too_long(call, count * 8)) return KMS_WOULD_BLOCK;
  kms_status status = begin_read(database, call);
  if (status != KMS_OK) return refuse(error, status);

  found *found = malloc((count + 1) * sizeof *found); // + 1: also of nothing something
  for (size_t i = 0; found != NULL && i < count; i++)
    found[i] = find(&database->store->table, &items[i]);
  status = found == NULL ? KMS_EXHAUSTED
                         : make_objects(call, found, count, (kms_bytes){0}, out);
  free(found);
  if (status == KMS_OK) out->total = -1;
  return end_read(database, status, error);
}
