// A database driver that keeps its rows in memory and every change of them in a file.
// This file says who the driver is and what it can be told.

#include "journal.h"

const char schema[] = "1";

static const char *const serves[] = {"file", NULL};

static const kms_option options[] = {
  {
    .name = "file-path", .type = KMS_OPTION_PATH, .default_value = "./file-data",
    .help = "Folder of the database, made when it is missing; the file is kms.journal",
  },
  {
    .name = "file-max-objects", .type = KMS_OPTION_INTEGER, .default_value = "1000000",
    .minimum = 1, .maximum = 100000000,
    .help = "Most objects, and most grants, that are kept; all of them lie in memory",
  },
};

const kms_plugin_info info = {
  .struct_size = sizeof info,
  .kind = KMS_DATABASE,
  .id = "org.claviger.kms.file",
  .name = "File",
  .version = "1.0.0",
  .vendor = "Claviger",
  .license = "Apache-2.0",
  .summary = "Keeps everything in one file of this machine, for one server at a time",
  .serves = serves,
  .options = options,
  .option_count = sizeof options / sizeof *options,
  .option_stride = sizeof *options,
  .flags = KMS_PLUGIN_SINGLE_PROCESS,
};

kms_status driver_open(const kms_database_open *given, const kms_call *call, kms_database **out,
                       kms_error *error) {
  const kms_setting *path = find_setting(given, "file-path");
  const kms_setting *capacity = find_setting(given, "file-max-objects");
  return open_store(given, call, path == NULL ? (kms_text){0} : path->text,
                    capacity == NULL ? 1000000 : (size_t)capacity->number, &journal_keeper, out,
                    error);
}
