#include <stdlib.h>
#include "memory.h"

enum { FIRST_BUCKETS = 64 }; // a power of two, as every later size

static hash_link **bucket(const hash_index *index, uint64_t hash) {
  return &index->buckets[hash & (index->bucket_count - 1)];
}

bool index_init(hash_index *index) {
  *index = (hash_index){.buckets = calloc(FIRST_BUCKETS, sizeof *index->buckets)};
  index->bucket_count = index->buckets == NULL ? 0 : FIRST_BUCKETS;
  return index->buckets != NULL;
}

void index_free(hash_index *index) {
  free(index->buckets);
  *index = (hash_index){0};
}

/// Doubles the buckets. Without memory the chains just get longer.
static void grow(hash_index *index) {
  hash_index larger = {.bucket_count = index->bucket_count * 2, .count = index->count};
  larger.buckets = calloc(larger.bucket_count, sizeof *larger.buckets);
  if (larger.buckets == NULL) return;

  for (size_t i = 0; i < index->bucket_count; i++) {
    for (hash_link *link = index->buckets[i], *next; link != NULL; link = next) {
      next = link->next;
      hash_link **head = bucket(&larger, link->hash);
      link->next = *head;
      *head = link;
    }
  }
  free(index->buckets);
  *index = larger;
}

void index_add(hash_index *index, hash_link *link) {
  if (index->count >= index->bucket_count) grow(index);
  hash_link **head = bucket(index, link->hash);
  link->next = *head;
  *head = link;
  index->count++;
}

void index_remove(hash_index *index, hash_link *link) {
  hash_link **at = bucket(index, link->hash);
  while (*at != link) at = &(*at)->next;
  *at = link->next;
  index->count--;
}

static hash_link *first_with(hash_link *link, uint64_t hash) {
  while (link != NULL && link->hash != hash) link = link->next;
  return link;
}

hash_link *index_find(const hash_index *index, uint64_t hash) {
  return first_with(*bucket(index, hash), hash);
}

hash_link *index_next(const hash_link *link) { return first_with(link->next, link->hash); }

// FNV-1a. A client chooses uids and could collide them on purpose: a driver for more than tests
// takes a keyed hash.
uint64_t hash_bytes(uint64_t hash, const void *data, size_t size) {
  const uint8_t *bytes = data;
  for (size_t i = 0; i < size; i++) hash = (hash ^ bytes[i]) * 0x100000001b3u;
  return hash;
}
