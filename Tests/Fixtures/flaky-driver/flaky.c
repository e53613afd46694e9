// The memory driver behind a connection that breaks: faults that no real database shows on demand.
// A uid says what happens to calls that name it, `MODE-COUNT-...`:
//
//   away-2-x     the first two calls find nobody: UNAVAILABLE, retryable, nothing done
//   lost-2-x     the second write is done, but its answer is lost: in doubt
//   dropped-2-x  the second write is not done, and its answer is lost: in doubt
//   late-2-x     as dropped, but it is done after all when the next write comes

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <kms/database.h>

#undef kms_plugin_entry // memory.c is compiled with another name for its entry
__attribute__((visibility("default"))) const kms_plugin *kms_plugin_entry(uint16_t host_major);
const kms_plugin *memory_plugin_entry(uint16_t host_major);

static kms_database_driver inner, outer;

/// How often a uid was named in a call of this kind, this time included.
static unsigned occurrence(char kind, kms_text uid) {
  static struct { char kind, uid[64]; unsigned count; } seen[512];
  static size_t seen_count;
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&lock);
  size_t i = 0;
  while (i < seen_count && (seen[i].kind != kind || strlen(seen[i].uid) != uid.size ||
                            memcmp(seen[i].uid, uid.data, uid.size) != 0))
    i++;
  if (i == seen_count && i < sizeof seen / sizeof *seen && uid.size < sizeof seen[i].uid) {
    seen[i].kind = kind;
    memcpy(seen[i].uid, uid.data, uid.size);
    seen_count++;
  }
  unsigned count = i < seen_count ? ++seen[i].count : 0;
  pthread_mutex_unlock(&lock);
  return count;
}

/// The count of a uid of this mode, else 0.
static unsigned count_of(const char *mode, kms_text uid) {
  char text[64] = "", name[16] = "";
  unsigned count = 0;
  memcpy(text, uid.data, uid.size < sizeof text - 1 ? uid.size : sizeof text - 1);
  return sscanf(text, "%15[a-z]-%u-", name, &count) == 2 && strcmp(name, mode) == 0 ? count : 0;
}

static kms_status broken(kms_error *error, uint32_t flags) {
  error->flags |= flags;
  if (error->message_capacity > 0)
    snprintf(error->message, error->message_capacity, "the connection broke");
  return KMS_UNAVAILABLE;
}

static kms_status flaky_get(kms_database *database, const kms_call *call, const kms_get *items,
                            size_t count, kms_objects *out, kms_error *error) {
  for (size_t i = 0; i < count; i++)
    if (occurrence('g', items[i].uid) <= count_of("away", items[i].uid))
      return broken(error, KMS_ERROR_RETRYABLE);
  return inner.get(database, call, items, count, out, error);
}

static kms_status flaky_apply(kms_database *database, const kms_call *call, const kms_write *items,
                              size_t count, kms_written *out, kms_error *error) {
  kms_text uid = items[0].object.uid;
  unsigned nth = occurrence('a', uid);
  if (nth <= count_of("away", uid)) return broken(error, KMS_ERROR_RETRYABLE);
  if (nth == count_of("dropped", uid) || nth == count_of("late", uid))
    return broken(error, KMS_ERROR_IN_DOUBT);
  bool is_late = nth > 1 && nth - 1 == count_of("late", uid);
  kms_status status = inner.apply(database, call, items, count, out, error);
  if (status == KMS_OK && is_late) return inner.apply(database, call, items, count, out, error);
  if (status == KMS_OK && nth == count_of("lost", uid)) {
    memset(out, 0, count * sizeof *out);
    return broken(error, KMS_ERROR_IN_DOUBT);
  }
  return status;
}

static const void *find_interface(const char *id) {
  return strcmp(id, KMS_DATABASE_INTERFACE) == 0 ? &outer : NULL;
}

const kms_plugin *kms_plugin_entry(uint16_t host_major) {
  static kms_plugin plugin;
  static kms_plugin_info info;
  static const char *const serves[] = {"flaky", NULL};
  const kms_plugin *memory = memory_plugin_entry(host_major);
  if (memory == NULL) return NULL;
  inner = *(const kms_database_driver *)memory->get_interface(KMS_DATABASE_INTERFACE);
  outer = inner;
  outer.get = flaky_get;
  outer.apply = flaky_apply;
  info = *memory->info;
  info.id = "org.claviger.kms.flaky";
  info.serves = serves;
  plugin = *memory;
  plugin.info = &info;
  plugin.get_interface = find_interface;
  return &plugin;
}
