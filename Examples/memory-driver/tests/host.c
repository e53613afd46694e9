#include <pthread.h>
#include "test.h"

_Atomic uint64_t test_now_ns = 1000000000;
atomic_int test_allocations_left = -1;

static pthread_mutex_t blocks_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct block {
  struct block *next;
  size_t size;
  max_align_t memory[];
} *blocks;

static void *secure_alloc(void *context, size_t size) {
  (void)context;
  if (size == 0) return NULL;
  if (test_allocations_left >= 0 && test_allocations_left-- == 0) return NULL;
  struct block *block = calloc(1, sizeof *block + size);
  CHECK(block != NULL);
  block->size = size;
  pthread_mutex_lock(&blocks_mutex);
  block->next = blocks;
  blocks = block;
  pthread_mutex_unlock(&blocks_mutex);
  return block->memory;
}

static void zeroize(void *context, void *memory, size_t size) {
  (void)context;
  volatile uint8_t *bytes = memory;
  for (size_t i = 0; i < size; i++) bytes[i] = 0;
}

static void secure_free(void *context, void *memory, size_t size) {
  if (memory == NULL) return;
  pthread_mutex_lock(&blocks_mutex);
  struct block **at = &blocks;
  while (*at != NULL && (void *)(*at)->memory != memory) at = &(*at)->next;
  struct block *block = *at;
  CHECK(block != NULL && block->size == size);
  *at = block->next;
  pthread_mutex_unlock(&blocks_mutex);
  zeroize(context, memory, size);
  free(block);
}

size_t test_secure_blocks(void) {
  size_t count = 0;
  pthread_mutex_lock(&blocks_mutex);
  for (const struct block *block = blocks; block != NULL; block = block->next) count++;
  pthread_mutex_unlock(&blocks_mutex);
  return count;
}

bool test_is_secure(kms_bytes bytes) {
  bool is_secure = false;
  pthread_mutex_lock(&blocks_mutex);
  for (const struct block *block = blocks; block != NULL; block = block->next) {
    const uint8_t *memory = (const uint8_t *)block->memory;
    is_secure |= bytes.data >= memory && bytes.data + bytes.size <= memory + block->size;
  }
  pthread_mutex_unlock(&blocks_mutex);
  return is_secure;
}

static bool log_enabled(void *context, uint32_t level) {
  (void)context, (void)level;
  return false;
}

static void log_line(void *context, const kms_call *call, uint32_t level, kms_text message) {
  (void)context, (void)call, (void)level, (void)message;
}

static kms_status fill_random(void *context, uint8_t *out, size_t size) {
  (void)context;
  static _Atomic uint64_t state = 88172645463325252u; // repeatable, not random
  for (size_t i = 0; i < size; i++) out[i] = (uint8_t)((state += 0x9e3779b97f4a7c15u) >> 56);
  return KMS_OK;
}

static uint64_t monotonic_ns(void *context) {
  (void)context;
  return test_now_ns;
}

static int64_t unix_us(void *context) {
  (void)context;
  return 1700000000000000;
}

static const void *find_interface(void *context, const char *id) {
  (void)context, (void)id;
  return NULL;
}

const kms_host test_host = {
  .struct_size = sizeof test_host,
  .abi_major = KMS_ABI_MAJOR,
  .abi_minor = KMS_ABI_MINOR,
  .name = "test",
  .version = "1.2.3",
  .log_enabled = log_enabled,
  .log = log_line,
  .secure_alloc = secure_alloc,
  .secure_free = secure_free,
  .zeroize = zeroize,
  .random = fill_random,
  .monotonic_ns = monotonic_ns,
  .unix_us = unix_us,
  .get_interface = find_interface,
};

static bool is_cancelled(const kms_call *call) {
  return ((const test_call *)call)->is_cancelled;
}

void test_call_init(test_call *call, uint32_t flags, uint64_t deadline_ns) {
  static _Atomic uint64_t last_id;
  call->call = (kms_call){
    .struct_size = sizeof call->call, .flags = flags, .id = ++last_id,
    .deadline_ns = deadline_ns, .is_cancelled = is_cancelled,
  };
  call->is_cancelled = false;
}

kms_error *test_error(void) {
  static _Thread_local char message[64];
  static _Thread_local kms_error error;
  message[0] = '\0';
  error = (kms_error){
    .struct_size = sizeof error, .message = message, .message_capacity = sizeof message,
  };
  return &error;
}

bool same(kms_text text, const char *expected) {
  return text.size == strlen(expected) && memcmp(text.data, expected, text.size) == 0;
}
