// What the host sees of the library, and what the library sees of the host.

#include <stdio.h>
#include "memory.h"

kms_host host;

kms_status fail(kms_error *error, kms_status status, const char *message) {
  if (status == KMS_UPGRADING) error->flags |= KMS_ERROR_RETRYABLE;
  if (error->message_capacity > 0) // all our messages are ASCII: no character to cut in half
    snprintf(error->message, error->message_capacity, "%s", message);
  return status;
}

kms_status refuse(kms_error *error, kms_status status) {
  switch (status) {
    case KMS_UPGRADING: return fail(error, status, "the schema is not ready");
    case KMS_UNAVAILABLE: return fail(error, status, "writing failed: open the database again");
    case KMS_WOULD_BLOCK: return fail(error, status, "not at hand");
    case KMS_CANCELLED: return fail(error, status, "cancelled");
    case KMS_DEADLINE: return fail(error, status, "the deadline has passed");
    case KMS_EXHAUSTED: return fail(error, status, "out of memory");
    default: return fail(error, status, "unexpected");
  }
}

kms_status call_status(const kms_call *call) {
  if (call->is_cancelled(call)) return KMS_CANCELLED;
  const bool is_late =
      call->deadline_ns != 0 && host.monotonic_ns(host.context) >= call->deadline_ns;
  return is_late ? KMS_DEADLINE : KMS_OK;
}

const kms_setting *find_setting(const kms_database_open *given, const char *name) {
  const kms_text wanted = {name, strlen(name)};
  for (size_t i = 0; i < given->setting_count; i++)
    if (same_text(given->settings[i].name, wanted)) return &given->settings[i];
  return NULL;
}

static const kms_database_driver driver = {
  .struct_size = sizeof driver,
  .quick = KMS_QUICK_GET | KMS_QUICK_QUERY | KMS_QUICK_GRANTS,
  .writers = 1,
  .open = driver_open,
  .close = memory_close,
  .health = memory_health,
  .cancel = memory_cancel,
  .context = memory_context,
  .migrate = memory_migrate,
  .plan = memory_plan,
  .clear = memory_clear,
  .get = memory_get,
  .query = memory_query,
  .apply = memory_apply,
  .grants = memory_grants,
  .changes = memory_changes,
  .statistics = memory_statistics,
};

static kms_status start(const kms_host *given, kms_error *error) {
  memcpy(&host, given, given->struct_size < sizeof host ? given->struct_size : sizeof host);
  host.struct_size = sizeof host;
  const bool is_complete = host.secure_alloc != NULL && host.secure_free != NULL &&
                           host.random != NULL && host.monotonic_ns != NULL;
  return is_complete ? KMS_OK : fail(error, KMS_UNSUPPORTED, "the host lacks a service");
}

static void stop(void) { memset(&host, 0, sizeof host); }

static const void *find_interface(const char *id) {
  return strcmp(id, KMS_DATABASE_INTERFACE) == 0 ? &driver : NULL;
}

__attribute__((visibility("default"))) const kms_plugin *kms_plugin_entry(uint16_t host_major);
const kms_plugin *kms_plugin_entry(uint16_t host_major) {
  static const kms_plugin plugin = {
    .struct_size = sizeof plugin,
    .abi_major = KMS_ABI_MAJOR,
    .abi_minor = KMS_ABI_MINOR,
    .info = &info,
    .init = start,
    .deinit = stop,
    .get_interface = find_interface,
  };
  return host_major == KMS_ABI_MAJOR ? &plugin : NULL;
}
