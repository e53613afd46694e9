// Objects and grants. A row never changes: a write puts a new one in its place and notes the step.
// To undo steps is then to put the old rows back, last step first, and that needs no memory.

#include <stdlib.h>
#include "memory.h"
#include "pack.h"

bool table_init(table *table, size_t capacity) {
  memset(table, 0, sizeof *table);
  table->capacity = capacity;
  return host.random(host.context, (uint8_t *)&table->seed, sizeof table->seed) == KMS_OK &&
         index_init(&table->objects.by_uid) && index_init(&table->grants.by_uid) &&
         index_init(&table->unique);
}

static uint64_t hash_uid(const table *table, kms_text uid) {
  return hash_bytes(table->seed, uid.data, uid.size);
}

static row *first_of(const rows *rows, uint64_t hash, kms_text uid) {
  hash_link *link = index_find(&rows->by_uid, hash);
  while (link != NULL && !same_text(((row *)link)->uid, uid)) link = index_next(link);
  return (row *)link;
}

static row *next_of(const row *after) {
  hash_link *link = index_next(&after->by_uid);
  while (link != NULL && !same_text(((row *)link)->uid, after->uid)) link = index_next(link);
  return (row *)link;
}

const object_row *table_object(const table *table, kms_text uid) {
  return (const object_row *)first_of(&table->objects, hash_uid(table, uid), uid);
}

const grant_row *table_grant(const table *table, kms_text uid, const kms_text *user) {
  const row *found = first_of(&table->grants, hash_uid(table, uid), uid);
  while (found != NULL && user != NULL && !same_text(((const grant_row *)found)->user, *user))
    found = next_of(found);
  return (const grant_row *)found;
}

uint64_t table_rights(const table *table, kms_text uid, kms_text_list who) {
  if (who.count == 0) return 0;
  uint64_t rights = 0;
  const row *found = first_of(&table->grants, hash_uid(table, uid), uid);
  for (; found != NULL; found = next_of(found)) {
    const grant_row *grant = (const grant_row *)found;
    for (size_t i = 0; i < who.count; i++)
      if (same_text(grant->user, who.items[i])) rights |= grant->rights;
  }
  return rights;
}

static const kms_term *pack_terms(pack *pack, const kms_term *from, size_t count) {
  kms_term *terms = pack_room(pack, count * sizeof *terms);
  for (size_t i = 0; i < count; i++) {
    kms_term term = from[i];
    term.path = pack_text(pack, term.path);
    term.value.bytes = pack_bytes(pack, term.value.bytes);
    if (terms != NULL) terms[i] = term;
  }
  return terms;
}

static size_t count_unique(const kms_object *object) {
  size_t count = 0;
  for (size_t i = 0; i < object->term_count; i++)
    count += (object->terms[i].flags & KMS_TERM_UNIQUE) != 0;
  return count;
}

/// Copies an object, without its secret.
static object_row *pack_object(pack *pack, const kms_object *from) {
  object_row *row = pack_room(pack, sizeof *row);
  const size_t unique_count = count_unique(from);
  unique_term *unique = pack_room(pack, unique_count * sizeof *unique);
  kms_object copy = {
    .uid = pack_text(pack, from->uid), .owner = pack_text(pack, from->owner),
    .type = from->type, .state = from->state, .revision = from->revision,
    .attributes = pack_bytes(pack, from->attributes), .tags = pack_texts(pack, from->tags),
    .terms = pack_terms(pack, from->terms, from->term_count), .term_count = from->term_count,
  };
  if (row != NULL)
    *row = (object_row){.object = copy, .unique = unique, .unique_count = unique_count};
  return row;
}

static uint64_t hash_term(const table *table, const kms_term *term) {
  uint64_t hash = hash_bytes(table->seed, term->path.data, term->path.size);
  hash = hash_bytes(hash, &term->value.number, sizeof term->value.number);
  return hash_bytes(hash, term->value.bytes.data, term->value.bytes.size);
}

static bool same_term(const kms_term *a, const kms_term *b) {
  return same_text(a->path, b->path) && a->value.type == b->value.type &&
         a->value.number == b->value.number && same_bytes(a->value.bytes, b->value.bytes);
}

static void free_row(const table *table, rows *in, row *row) {
  if (row == NULL) return;
  if (in == &table->objects) {
    object_row *object = (object_row *)row;
    host.secure_free(host.context, object->secret, object->object.object.size);
  }
  free(row);
}

/// NULL when there is no memory.
static object_row *make_object(const table *table, const kms_object *from) {
  pack block = {0};
  pack_object(&block, from);
  block = (pack){.memory = malloc(block.used)};
  if (block.memory == NULL) return NULL;

  object_row *made = pack_object(&block, from);
  made->row.uid = made->object.uid;
  if (from->object.size > 0) {
    made->secret = host.secure_alloc(host.context, from->object.size);
    if (made->secret == NULL) {
      free(made);
      return NULL;
    }
    memcpy(made->secret, from->object.data, from->object.size);
    made->object.object = (kms_bytes){made->secret, from->object.size};
  }
  unique_term *next = made->unique;
  for (size_t i = 0; i < made->object.term_count; i++) {
    const kms_term *term = &made->object.terms[i];
    if (term->flags & KMS_TERM_UNIQUE)
      *next++ = (unique_term){{.hash = hash_term(table, term)}, .term = term, .of = made};
  }
  return made;
}

/// NULL when there is no memory.
static grant_row *make_grant(kms_text uid, kms_text user, uint64_t rights) {
  grant_row *made = malloc(sizeof *made + uid.size + user.size);
  if (made == NULL) return NULL;
  pack texts = {.memory = (uint8_t *)(made + 1)};
  *made = (grant_row){.rights = rights};
  made->row.uid = pack_text(&texts, uid);
  made->user = pack_text(&texts, user);
  return made;
}

/// Puts `now` where `before` stood; NULL is no row. Undone by the same with both exchanged, last
/// step first: a row that was taken out still knows its neighbours.
static void swap_rows(table *table, rows *in, row *before, row *now) {
  if (before != NULL) {
    index_remove(&in->by_uid, &before->by_uid);
    *(before->older == NULL ? &in->oldest : &before->older->newer) = now ? now : before->newer;
    *(before->newer == NULL ? &in->newest : &before->newer->older) = now ? now : before->older;
  }
  if (before != NULL && now != NULL) {
    now->older = before->older;
    now->newer = before->newer;
  }
  if (now != NULL) {
    index_add(&in->by_uid, &now->by_uid);
    *(now->older == NULL ? &in->oldest : &now->older->newer) = now;
    *(now->newer == NULL ? &in->newest : &now->newer->older) = now;
  }
  if (in != &table->objects) return;
  object_row *old = (object_row *)before, *new = (object_row *)now;
  for (size_t i = 0; old != NULL && i < old->unique_count; i++)
    index_remove(&table->unique, &old->unique[i].link);
  for (size_t i = 0; new != NULL && i < new->unique_count; i++)
    index_add(&table->unique, &new->unique[i].link);
}

static bool reserve_change(table *table) {
  if (table->change_count < table->change_capacity) return true;
  const size_t capacity = table->change_capacity == 0 ? 64 : table->change_capacity * 2;
  change *changes = realloc(table->changes, capacity * sizeof *changes);
  if (changes == NULL) return false;
  table->changes = changes;
  table->change_capacity = capacity;
  return true;
}

/// Takes the step and notes it. Owns `now`, also when it fails.
static kms_status step(table *table, rows *in, const row *before, row *now) {
  const bool is_full = before == NULL && in->by_uid.count >= table->capacity;
  if (is_full || !reserve_change(table)) {
    free_row(table, in, now);
    return KMS_EXHAUSTED;
  }
  if (now != NULL) {
    now->by_uid.hash = hash_uid(table, now->uid);
    now->position = before != NULL ? before->position : ++table->last_position;
    now->older = in->newest; // at the end, unless it takes a place
    now->newer = NULL;
  }
  row *old = (row *)before; // rows are const to the outside; the table owns them
  swap_rows(table, in, old, now);
  table->changes[table->change_count++] = (change){in, old, now};
  return KMS_OK;
}

static bool is_taken(const table *table, const object_row *row, const object_row *before) {
  for (size_t i = 0; i < row->unique_count; i++) {
    hash_link *link = index_find(&table->unique, row->unique[i].link.hash);
    for (; link != NULL; link = index_next(link)) {
      const unique_term *other = (const unique_term *)link;
      if (other->of != before && same_term(other->term, row->unique[i].term)) return true;
    }
  }
  return false;
}

kms_status table_put_object(table *table, const object_row *before, const kms_object *object) {
  object_row *made = make_object(table, object);
  if (made == NULL) return KMS_EXHAUSTED;
  if (is_taken(table, made, before)) {
    free_row(table, &table->objects, &made->row);
    return KMS_EXISTS;
  }
  return step(table, &table->objects, before == NULL ? NULL : &before->row, &made->row);
}

kms_status table_delete_object(table *table, const object_row *before) {
  return step(table, &table->objects, &before->row, NULL);
}

kms_status table_put_grant(table *table, const grant_row *before, kms_text uid, kms_text user,
                           uint64_t rights) {
  const row *old = before == NULL ? NULL : &before->row;
  if (rights == 0) return step(table, &table->grants, old, NULL);
  grant_row *made = make_grant(uid, user, rights);
  if (made == NULL) return KMS_EXHAUSTED;
  return step(table, &table->grants, old, &made->row);
}

void table_commit(table *table, feed *feed) {
  feed_begin(feed);
  for (size_t i = 0; i < table->change_count; i++) {
    const change *step = &table->changes[i];
    feed_add(feed, step->now != NULL ? step->now->uid : step->before->uid);
    free_row(table, step->in, step->before);
  }
  feed_end(feed);
  table->change_count = 0;
  table->committed_position = table->last_position;
}

void table_rollback(table *table, size_t count) {
  while (table->change_count > count) {
    const change *step = &table->changes[--table->change_count];
    swap_rows(table, step->in, step->now, step->before);
    // Positions are given out as if it had never been: who replays the rest gets the same ones.
    if (step->before == NULL) table->last_position--;
    free_row(table, step->in, step->now);
  }
}

static void clear_rows(table *table, rows *in) {
  while (in->newest != NULL) {
    row *last = in->newest;
    swap_rows(table, in, last, NULL);
    free_row(table, in, last);
  }
}

void table_clear(table *table) {
  clear_rows(table, &table->objects);
  clear_rows(table, &table->grants);
}

void table_free(table *table) {
  table_clear(table);
  index_free(&table->objects.by_uid);
  index_free(&table->grants.by_uid);
  index_free(&table->unique);
  free(table->changes);
}
