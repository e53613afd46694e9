#include <stdlib.h>
#include "pack.h"
#include "read.h"

static bool is_wanted(const kms_grants_query *query, const grant_row *grant) {
  if (query->uid.size > 0 && !same_text(query->uid, grant->row.uid)) return false;
  for (size_t i = 0; i < query->who.count; i++)
    if (same_text(query->who.items[i], grant->user)) return true;
  return query->who.count == 0;
}

static kms_grant pack_grant(pack *pack, const table *table, const grant_row *grant) {
  const object_row *object = table_object(table, grant->row.uid);
  kms_grant out = {
    .uid = pack_text(pack, grant->row.uid), .user = pack_text(pack, grant->user),
    .rights = grant->rights,
  };
  if (object == NULL) return out; // a key in an HSM
  out.owner = pack_text(pack, object->object.owner);
  out.state = object->object.state;
  out.type = object->object.type;
  return out;
}

static void lay_out_grants(const table *table, const grant_row *const *page, size_t count,
                           kms_bytes cursor, pack *pack, kms_grants *out) {
  kms_grant *items = pack_room(pack, count * sizeof *items);
  for (size_t i = 0; i < count; i++) {
    const kms_grant item = pack_grant(pack, table, page[i]);
    if (items != NULL) items[i] = item;
  }
  out->items = items;
  out->count = count;
  out->cursor = pack_bytes(pack, cursor);
}

static kms_status make_grants(const table *table, const grant_row *const *page, size_t count,
                              kms_bytes cursor, kms_grants *out) {
  kms_grants made = {0};
  pack block = {0};
  lay_out_grants(table, page, count, cursor, &block, &made);
  block = (pack){.memory = malloc(block.used + 1)};
  if (block.memory == NULL) return KMS_EXHAUSTED;
  lay_out_grants(table, page, count, cursor, &block, &made);
  out->items = made.items;
  out->count = made.count;
  out->cursor = made.cursor;
  out->owner = (kms_owner){free, block.memory};
  return KMS_OK;
}

/// Fills a page with the grants behind a position. \param is_last  Whether there are no more.
static kms_status walk_grants(const table *table, const kms_call *call,
                              const kms_grants_query *query, uint64_t after,
                              const grant_row **page, size_t *count, bool *is_last) {
  const row *row = table->grants.oldest;
  for (size_t n = 1; row != NULL; row = row->newer, n++) {
    const kms_status status = n % POLL_ROWS == 0 ? call_status(call) : KMS_OK;
    if (status != KMS_OK) return status;
    const grant_row *grant = (const grant_row *)row;
    if (row->position <= after || !is_wanted(query, grant)) continue;
    *is_last = *count < query->limit;
    if (!*is_last) return KMS_OK;
    page[(*count)++] = grant;
  }
  return KMS_OK;
}

kms_status memory_grants(kms_database *database, const kms_call *call,
                         const kms_grants_query *query, kms_grants *out, kms_error *error) {
  uint64_t after = 0;
  if (query->limit == 0 || query->limit > KMS_MAX_LIMIT)
    return fail(error, KMS_INVALID, "limit is 1 to 1000");
  if (query->cursor.size > 0 && !read_cursor(query->cursor, 'g', &after))
    return fail(error, KMS_INVALID, "not a cursor of this query");

  kms_status status = begin_read(database, call);
  if (status != KMS_OK) return refuse(error, status);
  const table *table = &database->store->table;
  const grant_row **page = malloc(query->limit * sizeof *page);
  size_t count = 0;
  bool is_last = true;
  if (is_too_long(call, table->grants.by_uid.count)) {
    status = KMS_WOULD_BLOCK;
  } else if (page == NULL) {
    status = KMS_EXHAUSTED;
  } else {
    status = walk_grants(table, call, query, after, page, &count, &is_last);
  }
  if (status == KMS_OK) {
    uint8_t bytes[CURSOR_SIZE];
    kms_bytes cursor = {0};
    if (!is_last) {
      write_cursor(bytes, 'g', page[count - 1]->row.position);
      cursor = (kms_bytes){bytes, sizeof bytes};
    }
    status = make_grants(table, page, count, cursor, out);
  }
  free(page);
  return end_read(database, status, error);
}
