// The driver `inner.so` that lies beside this library, with what the including file changes about it:
// what such a file says is all that is bad about its driver.
//
// The file defines `spoil`. It runs when the host asks for the entry, where it may change `plugin`,
// `info` and `options`, and when the host asks for the table of functions, where it may change
// `table.driver`; `inner` then holds the functions of the good driver.
#ifndef BAD_DRIVERS_OVERLAY_H
#define BAD_DRIVERS_OVERLAY_H
#define _GNU_SOURCE
#include <dlfcn.h>
#include <kms/database.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPTIONS_MAX = 32 };

static const kms_plugin *good;
static kms_plugin plugin;
static kms_plugin_info info;
static kms_option options[OPTIONS_MAX];
static kms_database_driver inner;
static struct {
  kms_database_driver driver;
  void (*later)(void); // what a later minor might append
} table;

static void spoil(void);

/// A copy of the good one's struct, taken as a host takes it.
#define TAKE(mine, theirs) take(&(mine), sizeof(mine), theirs)
static inline void take(void *mine, size_t size, const void *theirs) {
  uint32_t their_size;
  memcpy(&their_size, theirs, sizeof their_size);
  memset(mine, 0, size);
  memcpy(mine, theirs, their_size < size ? their_size : size);
}

/// Whether a text begins with a word.
static inline bool begins(kms_text text, const char *word) {
  return text.size >= strlen(word) && memcmp(text.data, word, strlen(word)) == 0;
}

static const void *find(const char *id) {
  const void *theirs = good->get_interface(id);
  if (theirs == NULL || strcmp(id, KMS_DATABASE_INTERFACE) != 0) return theirs;
  TAKE(inner, theirs);
  table.driver = inner;
  spoil();
  return &table.driver;
}

static kms_plugin_entry_fn good_entry(void) {
  Dl_info here;
  char path[4096];
  if (dladdr((void *)&table, &here) == 0) return NULL;
  const char *slash = strrchr(here.dli_fname, '/');
  const int folder = slash == NULL ? 0 : (int)(slash - here.dli_fname);
  snprintf(path, sizeof path, "%.*s/inner.so", folder, here.dli_fname);
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) fprintf(stderr, "overlay: %s\n", dlerror());
  return library == NULL ? NULL : (kms_plugin_entry_fn)dlsym(library, KMS_PLUGIN_ENTRY);
}

__attribute__((visibility("default"))) const kms_plugin *kms_plugin_entry(uint16_t host_major);
const kms_plugin *kms_plugin_entry(uint16_t host_major) {
  const kms_plugin_entry_fn entry = good_entry();
  good = entry == NULL ? NULL : entry(host_major);
  if (good == NULL) return NULL;
  TAKE(plugin, good);
  TAKE(info, good->info);
  for (uint32_t i = 0; i < info.option_count && i < OPTIONS_MAX; i++) {
    const char *at = (const char *)info.options + (size_t)i * info.option_stride;
    memcpy(&options[i], at, sizeof options[i]);
  }
  info.options = options;
  info.option_stride = sizeof options[0];
  plugin.info = &info;
  plugin.get_interface = find;
  spoil();
  return &plugin;
}

#endif
