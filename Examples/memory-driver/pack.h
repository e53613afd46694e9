#ifndef MEMORY_PACK_H
#define MEMORY_PACK_H
// Lays out rows and results in one block each. The same code runs twice: first with `memory` NULL,
// when nothing is copied and `used` grows to the size that is needed, then with a block of that
// size.

#include <stdalign.h>
#include <string.h>
#include <kms/plugin.h>

typedef struct pack {
  uint8_t *memory;
  size_t used;
} pack;

/// Room for anything, aligned; NULL while measuring.
static inline void *pack_room(pack *pack, size_t size) {
  const size_t step = alignof(max_align_t);
  pack->used = (pack->used + step - 1) / step * step;
  void *room = pack->memory == NULL ? NULL : pack->memory + pack->used;
  pack->used += size;
  return room;
}

static inline kms_bytes pack_bytes(pack *pack, kms_bytes from) {
  uint8_t *copy = pack->memory == NULL ? NULL : pack->memory + pack->used;
  pack->used += from.size;
  if (copy != NULL && from.size > 0) memcpy(copy, from.data, from.size);
  return (kms_bytes){copy, from.size};
}

static inline kms_text pack_text(pack *pack, kms_text from) {
  kms_bytes copy = pack_bytes(pack, (kms_bytes){(const uint8_t *)from.data, from.size});
  return (kms_text){(const char *)copy.data, copy.size};
}

static inline kms_text_list pack_texts(pack *pack, kms_text_list from) {
  kms_text *items = pack_room(pack, from.count * sizeof *items);
  for (size_t i = 0; i < from.count; i++) {
    kms_text copy = pack_text(pack, from.items[i]);
    if (items != NULL) items[i] = copy;
  }
  return (kms_text_list){items, from.count};
}

#endif
