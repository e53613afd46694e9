// One description of the format serves three ways: it measures a write, writes it, and reads it.

#include <stdlib.h>
#include "journal.h"

typedef struct codec {
  uint8_t *bytes; // NULL: only measure
  size_t size, used;
  bool is_reading;
  kms_status status;  // KMS_OK until something does not fit
  kms_text *tags;     // room for what is read, used again for each write
  kms_term *terms;
} codec;

uint64_t sum_of(const void *data, size_t size) {
  return hash_bytes(0xcbf29ce484222325u, data, size);
}

bool is_head_whole(const record_head *head) {
  return head->head_sum == sum_of(head, offsetof(record_head, head_sum));
}

/// The next bytes; NULL, and nothing to do, while measuring or when there are not so many.
static uint8_t *advance(codec *codec, size_t size) {
  uint8_t *at = NULL;
  if (codec->bytes != NULL) {
    if (codec->status == KMS_OK && size > codec->size - codec->used) codec->status = KMS_CORRUPT;
    if (codec->status != KMS_OK) return NULL;
    at = codec->bytes + codec->used;
  }
  codec->used += size;
  return at;
}

static void code_number(codec *codec, void *number, size_t size) {
  uint8_t *at = advance(codec, size);
  if (at == NULL) return;
  memcpy(codec->is_reading ? number : at, codec->is_reading ? at : number, size);
}
#define CODE(number) code_number(codec, &(number), sizeof(number))

static void code_bytes(codec *codec, kms_bytes *bytes) {
  CODE(bytes->size);
  uint8_t *at = advance(codec, bytes->size);
  if (codec->is_reading) *bytes = (kms_bytes){at, at == NULL ? 0 : bytes->size};
  if (at != NULL && !codec->is_reading && bytes->size > 0) memcpy(at, bytes->data, bytes->size);
}

static void code_text(codec *codec, kms_text *text) {
  kms_bytes bytes = text_bytes(*text);
  code_bytes(codec, &bytes);
  *text = (kms_text){(const char *)bytes.data, bytes.size};
}

/// The number of items in a list; when reading, with room for them.
static void *code_count(codec *codec, size_t *count, void *room, size_t item_size) {
  CODE(*count);
  if (!codec->is_reading || codec->status != KMS_OK) return room;
  // Each item takes at least a byte of what is left: a wrong count asks for no wild amount.
  void *more = *count > codec->size - codec->used ? NULL : realloc(room, *count * item_size + 1);
  if (more != NULL) return more;
  codec->status = *count > codec->size - codec->used ? KMS_CORRUPT : KMS_EXHAUSTED;
  return room;
}

static void code_tags(codec *codec, kms_text_list *tags) {
  codec->tags = code_count(codec, &tags->count, codec->tags, sizeof *codec->tags);
  for (size_t i = 0; codec->status == KMS_OK && i < tags->count; i++) {
    kms_text tag = codec->is_reading ? (kms_text){0} : tags->items[i];
    code_text(codec, &tag);
    if (codec->is_reading) codec->tags[i] = tag;
  }
  if (codec->is_reading) tags->items = codec->tags;
}

static void code_terms(codec *codec, kms_object *object) {
  codec->terms = code_count(codec, &object->term_count, codec->terms, sizeof *codec->terms);
  for (size_t i = 0; codec->status == KMS_OK && i < object->term_count; i++) {
    kms_term term = codec->is_reading ? (kms_term){0} : object->terms[i];
    code_text(codec, &term.path);
    CODE(term.value.type);
    CODE(term.value.rank);
    CODE(term.value.number);
    code_bytes(codec, &term.value.bytes);
    CODE(term.flags);
    if (codec->is_reading) codec->terms[i] = term;
  }
  if (codec->is_reading) object->terms = codec->terms;
}

/// Conditions are left out: they held when the write was done.
static void code_write(codec *codec, kms_write *write) {
  kms_object *object = &write->object;
  CODE(write->op);
  CODE(write->parts);
  CODE(write->rights);
  code_text(codec, &write->user);
  code_text(codec, &object->uid);
  code_text(codec, &object->owner);
  CODE(object->type);
  CODE(object->state);
  CODE(object->revision);
  code_bytes(codec, &object->object);
  code_bytes(codec, &object->attributes);
  code_tags(codec, &object->tags);
  code_terms(codec, object);
}

size_t size_of_write(const kms_write *write) {
  codec measure = {.status = KMS_OK};
  kms_write copy = *write;
  code_write(&measure, &copy);
  return measure.used;
}

static bool is_kept(const kms_write *items, size_t i, const kms_written *out) {
  return items[i].op != KMS_WRITE_CHECK && (out == NULL || out[i].status == KMS_OK);
}

kms_status record_make(record *record, uint64_t position, const kms_write *items, size_t count,
                       const kms_written *out) {
  record_head head = {.position = position};
  for (size_t i = 0; i < count; i++)
    if (is_kept(items, i, out)) head.size += size_of_write(&items[i]);
  record->size = sizeof head + (size_t)head.size;
  record->bytes = host.secure_alloc(host.context, record->size);
  if (record->bytes == NULL) return KMS_EXHAUSTED;

  codec codec = {.bytes = record->bytes + sizeof head, .size = (size_t)head.size};
  for (size_t i = 0; i < count; i++) {
    if (!is_kept(items, i, out)) continue;
    kms_write copy = items[i];
    code_write(&codec, &copy);
    head.count++;
  }
  head.sum = sum_of(codec.bytes, codec.size);
  head.head_sum = sum_of(&head, offsetof(record_head, head_sum));
  memcpy(record->bytes, &head, sizeof head);
  return KMS_OK;
}

void record_free(record *record) {
  host.secure_free(host.context, record->bytes, record->size); // zeroizes
}

kms_status record_replay(const record_head *head, uint8_t *bytes, table *table) {
  codec codec = {.bytes = bytes, .size = (size_t)head->size, .is_reading = true};
  kms_status status = KMS_OK;
  table->last_position = head->position;
  for (uint64_t i = 0; status == KMS_OK && i < head->count; i++) {
    kms_write write = {0};
    code_write(&codec, &write);
    status = codec.status;
    if (status == KMS_OK) status = table_write(table, &write);
  }
  free(codec.tags);
  free(codec.terms);
  // What could be done once can be done again, unless there is less memory for it.
  return status == KMS_OK || status == KMS_EXHAUSTED ? status : KMS_CORRUPT;
}
