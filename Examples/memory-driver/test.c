// The contract of database.h, asked of the library as a host would: opened, never linked.
//   test <absolute path of the library> [rounds of the threads]

#include <dlfcn.h>
#include "tests/test.h"

static const test_case cases[] = {
#define ROW(name) {#name, name},
  CASES(ROW)
  {NULL, NULL},
};

static void run(const test_case *each) {
  for (; each->name != NULL; each++) {
    printf("%s\n", each->name);
    fflush(stdout);
    each->run();
    CHECK(test_secure_blocks() == 0);
  }
}

static const kms_plugin *load(const char *path) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) fprintf(stderr, "%s\n", dlerror());
  CHECK(library != NULL);
  kms_plugin_entry_fn entry;
  *(void **)&entry = dlsym(library, KMS_PLUGIN_ENTRY);
  CHECK(entry != NULL && entry(KMS_ABI_MAJOR + 1) == NULL);
  return entry(KMS_ABI_MAJOR);
}

int main(int argc, char **argv) {
  CHECK(argc >= 2);
  if (argc > 2) rounds = (unsigned)strtoul(argv[2], NULL, 10);
  const kms_plugin *plugin = load(argv[1]);
  CHECK(plugin->struct_size == sizeof *plugin && plugin->info->kind == KMS_DATABASE);
  CHECK(strcmp(plugin->info->serves[0], own_name) == 0 && plugin->info->serves[1] == NULL);
  CHECK(plugin->init(&test_host, test_error()) == KMS_OK);
  CHECK(plugin->get_interface("org.example.none/1") == NULL);
  const kms_database_driver *found = plugin->get_interface(KMS_DATABASE_INTERFACE);
  CHECK(found != NULL && found->writers == 1);
  const size_t size = found->struct_size < sizeof driver ? found->struct_size : sizeof driver;
  memcpy(&driver, found, size);

  run(cases);
  run(own_cases);
  plugin->deinit();
  return 0;
}
