#include <stdlib.h>
#include "memory.h"

/// KMS_OK when the conditions of a write hold for the object that is there now, if any.
static kms_status check_conditions(const kms_write *write, const object_row *found) {
  const uint32_t known = KMS_IF_PRESENT | KMS_IF_REVISION | KMS_IF_OWNER;
  if (write->flags & ~known) return KMS_UNSUPPORTED;

  const bool needs_object =
      write->flags != 0 || write->op == KMS_WRITE_UPDATE || write->op == KMS_WRITE_CHECK;
  if (needs_object && found == NULL) return KMS_NOT_FOUND;
  if ((write->flags & KMS_IF_REVISION) && found->object.revision != write->expected_revision)
    return KMS_CONFLICT;
  if ((write->flags & KMS_IF_OWNER) && !same_text(found->object.owner, write->expected_owner))
    return KMS_CONFLICT;
  return KMS_OK;
}

/// The object as it will be: `parts` and revision from the write, the rest from what is there.
static kms_object merge(const kms_object *old, const kms_write *write) {
  kms_object merged = *old;
  const kms_object *given = &write->object;
  merged.revision = given->revision;
  if (write->parts & KMS_PART_OBJECT) merged.object = given->object;
  if (write->parts & KMS_PART_ATTRIBUTES) {
    merged.attributes = given->attributes;
    merged.terms = given->terms;
    merged.term_count = given->term_count;
  }
  if (write->parts & KMS_PART_TAGS) merged.tags = given->tags;
  if (write->parts & KMS_PART_STATE) merged.state = given->state;
  return merged;
}

/// Deletes the object and all grants on the uid.
static kms_status delete_all(table *table, kms_text uid, const object_row *found) {
  const grant_row *grant = table_grant(table, uid, NULL);
  if (found == NULL && grant == NULL) return KMS_NOT_FOUND;

  kms_status status = found == NULL ? KMS_OK : table_delete_object(table, found);
  for (; status == KMS_OK && grant != NULL; grant = table_grant(table, uid, NULL))
    status = table_put_grant(table, grant, uid, grant->user, 0);
  return status;
}

/// \param add     Rights to give, and
/// \param remove  rights to take away.
static kms_status change_grant(table *table, const kms_write *write, uint64_t add,
                               uint64_t remove) {
  const kms_text uid = write->object.uid;
  const grant_row *before = table_grant(table, uid, &write->user);
  const uint64_t old = before == NULL ? 0 : before->rights;
  const uint64_t new = (old | add) & ~remove;
  return new == old ? KMS_OK : table_put_grant(table, before, uid, write->user, new);
}

kms_status table_write(table *table, const kms_write *write) {
  const object_row *found = table_object(table, write->object.uid);
  const kms_status status = check_conditions(write, found);
  if (status != KMS_OK) return status;

  switch (write->op) {
    case KMS_WRITE_CREATE:
      return found != NULL ? KMS_EXISTS : table_put_object(table, NULL, &write->object);
    case KMS_WRITE_UPDATE: {
      const kms_object merged = merge(&found->object, write);
      return table_put_object(table, found, &merged);
    }
    case KMS_WRITE_DELETE: return delete_all(table, write->object.uid, found);
    case KMS_WRITE_GRANT: return change_grant(table, write, write->rights, 0);
    case KMS_WRITE_REVOKE: return change_grant(table, write, 0, write->rights);
    case KMS_WRITE_CHECK: return KMS_OK;
    default: return KMS_UNSUPPORTED;
  }
}

/// The steps of one batch, or none.
static void apply_batch(table *table, const kms_write *items, size_t count, kms_written *out) {
  const size_t steps_before = table->change_count;
  size_t done = 0;
  for (; done < count; done++) {
    out[done] = (kms_written){.status = table_write(table, &items[done])};
    if (out[done].status != KMS_OK) break;
  }
  if (done == count) return;
  table_rollback(table, steps_before);
  for (size_t i = 0; i < count; i++)
    if (i != done) out[i] = (kms_written){.status = KMS_ABORTED};
}

/// All batches, then what they wrote is kept at once: one commit answers many requests.
/// \param out  Has the outcomes unless the call fails, and then nothing of use.
static kms_status apply_all(store *store, const kms_write *items, size_t count,
                            kms_written *out, kms_error *error) {
  table *table = &store->table;
  for (size_t first = 0, next; first < count; first = next) {
    for (next = first + 1; next < count && items[next].batch == items[first].batch;) next++;
    apply_batch(table, &items[first], next - first, &out[first]);
  }
  if (store->keeper != NULL && table->change_count > 0) {
    const kms_status status = store->keeper->apply(store, items, count, out, error);
    if (status != KMS_OK) {
      table_rollback(table, 0);
      return status;
    }
  }
  table_commit(table, &store->feed);
  return KMS_OK;
}

kms_status memory_apply(kms_database *database, const kms_call *call, const kms_write *items,
                        size_t count, kms_written *out, kms_error *error) {
  if (database->is_read_only) return fail(error, KMS_UNAVAILABLE, "opened read-only");
  // Of our own: a call that fails leaves `out` alone, and keeping may fail after all is decided.
  kms_written *outcomes = calloc(count + 1, sizeof *outcomes);
  if (outcomes == NULL) return refuse(error, KMS_EXHAUSTED);

  store *store = database->store;
  pthread_rwlock_wrlock(&store->lock);
  kms_status status = call_status(call); // asked when the lock is ours: waiting for it takes time
  if (status == KMS_OK) status = store_status(store);
  status =
      status == KMS_OK ? apply_all(store, items, count, outcomes, error) : refuse(error, status);
  pthread_rwlock_unlock(&store->lock);
  if (status == KMS_OK && count > 0) memcpy(out, outcomes, count * sizeof *out);
  free(outcomes);
  return status;
}
