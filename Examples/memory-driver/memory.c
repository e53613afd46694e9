// A database driver that keeps everything in memory: complete, small, and a place to start from.
// This file says who the driver is and what it can be told.

#include "memory.h"

const char schema[] = "1";

static const char *const serves[] = {"memory", NULL};

static const kms_option options[] = {
  {
    .name = "memory-max-objects", .type = KMS_OPTION_INTEGER, .default_value = "1000000",
    .minimum = 1, .maximum = 100000000,
    .help = "Most objects, and most grants, that are kept",
  },
  {
    .name = "memory-name", .type = KMS_OPTION_TEXT,
    .help = "Database shared by all handles of this process that give the same name",
  },
};

const kms_plugin_info info = {
  .struct_size = sizeof info,
  .kind = KMS_DATABASE,
  .id = "org.claviger.kms.memory",
  .name = "Memory",
  .version = "1.0.0",
  .vendor = "Claviger",
  .license = "Apache-2.0",
  .summary = "Keeps everything in memory and loses it at exit: for tests and trials",
  .serves = serves,
  .options = options,
  .option_count = sizeof options / sizeof *options,
  .option_stride = sizeof *options,
  .flags = KMS_PLUGIN_VOLATILE | KMS_PLUGIN_SINGLE_PROCESS,
};

kms_status driver_open(const kms_database_open *given, const kms_call *call, kms_database **out,
                       kms_error *error) {
  const kms_setting *capacity = find_setting(given, "memory-max-objects");
  const kms_setting *name = find_setting(given, "memory-name");
  return open_store(given, call, name == NULL ? (kms_text){0} : name->text,
                    capacity == NULL ? 1000000 : (size_t)capacity->number, NULL, out, error);
}
