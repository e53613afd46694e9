// Locate: one walk through all objects. A driver for more than tests would start from an index.

#include <stdlib.h>
#include "read.h"

/// A query on its way through the table.
typedef struct search {
  const kms_query *query;
  bool is_newest_first, has_cursor;
  uint64_t after;  // the position that the cursor names
  uint8_t *stack;  // for filter_match
  found *page;     // room for `limit`
  size_t on_page;
  uint64_t matches;      // so far
  bool is_last, is_inexact; // no match beyond the page; some match was a MAYBE
} search;

static bool is_visible(const kms_query *query, const kms_object *object, uint64_t rights) {
  if (query->who.count == 0) return true;
  const bool is_owned =
      object->owner.size > 0 && same_text(object->owner, query->who.items[0]);
  if ((query->flags & KMS_QUERY_OWNED) && !is_owned) return false;
  if ((query->flags & KMS_QUERY_GRANTED) && is_owned) return false;
  return is_owned || (query->rights == 0 ? rights : rights & query->rights) != 0;
}

static bool is_beyond_cursor(const search *search, uint64_t position) {
  if (!search->has_cursor) return true;
  return search->is_newest_first ? position < search->after : position > search->after;
}

/// Looks at one row. False when the rest need not be looked at.
static bool look(const table *table, const object_row *row, search *search) {
  const kms_query *query = search->query;
  const bool counts = (query->flags & KMS_QUERY_COUNT) != 0;
  const bool is_beyond = is_beyond_cursor(search, row->row.position);
  if (!is_beyond && !counts) return true;

  const uint64_t rights = table_rights(table, row->row.uid, query->who);
  if (!is_visible(query, &row->object, rights)) return true;
  const truth match =
      filter_match(query->filters, query->filter_count, &row->object, search->stack);
  if (match == NO) return true;
  if (match == MAYBE) search->is_inexact = true;

  search->matches++;
  const bool is_skipped = !search->has_cursor && search->matches <= query->skip;
  if (!is_beyond || is_skipped) return true;
  if (search->on_page == query->limit) {
    search->is_last = false;
    return counts;
  }
  search->page[search->on_page++] =
      (found){.row = row, .uid = row->row.uid, .rights = rights, .parts = query->parts};
  return true;
}

static kms_status walk(const table *table, const kms_call *call, search *search) {
  const row *row = search->is_newest_first ? table->objects.newest : table->objects.oldest;
  for (size_t n = 1; row != NULL; n++) {
    if (!look(table, (const object_row *)row, search)) break;
    const kms_status status = n % POLL_ROWS == 0 ? call_status(call) : KMS_OK;
    if (status != KMS_OK) return status;
    row = search->is_newest_first ? row->older : row->newer;
  }
  return KMS_OK;
}

static kms_status answer(const table *table, const kms_call *call, search *search,
                         kms_objects *out) {
  kms_status status = walk(table, call, search);
  if (status != KMS_OK) return status;
  uint8_t bytes[CURSOR_SIZE];
  kms_bytes cursor = {0};
  if (!search->is_last) {
    const found *last = &search->page[search->on_page - 1];
    write_cursor(bytes, search->is_newest_first ? 'n' : 'o', last->row->row.position);
    cursor = (kms_bytes){bytes, sizeof bytes};
  }
  status = make_objects(call, search->page, search->on_page, cursor, out);
  if (status != KMS_OK) return status;
  out->flags = search->is_inexact ? KMS_OBJECTS_INEXACT : 0;
  out->total = search->query->flags & KMS_QUERY_COUNT ? (int64_t)search->matches : -1;
  return KMS_OK;
}

kms_status memory_query(kms_database *database, const kms_call *call, const kms_query *query,
                        kms_objects *out, kms_error *error) {
  search search = {
    .query = query, .is_newest_first = (query->flags & KMS_QUERY_NEWEST) != 0,
    .has_cursor = query->cursor.size > 0, .is_last = true,
  };
  const bool needs_user = (query->flags & (KMS_QUERY_OWNED | KMS_QUERY_GRANTED)) != 0;
  if (query->limit == 0 || query->limit > KMS_MAX_LIMIT || (needs_user && query->who.count == 0))
    return fail(error, KMS_INVALID, "limit is 1 to 1000, and who owns needs a who");
  if (!filter_is_tree(query->filters, query->filter_count))
    return fail(error, KMS_INVALID, "the filter is not one tree");
  const char order = search.is_newest_first ? 'n' : 'o';
  if (search.has_cursor && !read_cursor(query->cursor, order, &search.after))
    return fail(error, KMS_INVALID, "not a cursor of this query");

  kms_status status = begin_read(database, call);
  if (status != KMS_OK) return refuse(error, status);
  const table *table = &database->store->table;
  search.stack = malloc(query->filter_count + 1);
  search.page = malloc(query->limit * sizeof *search.page);
  if (is_too_long(call, table->objects.by_uid.count * (query->filter_count + 1))) {
    status = KMS_WOULD_BLOCK;
  } else if (search.stack == NULL || search.page == NULL) {
    status = KMS_EXHAUSTED;
  } else {
    status = answer(table, call, &search, out);
  }
  free(search.page);
  free(search.stack);
  return end_read(database, status, error);
}
