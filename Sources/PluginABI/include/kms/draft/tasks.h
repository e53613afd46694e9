#ifndef KMS_DRAFT_TASKS_H
#define KMS_DRAFT_TASKS_H
#include <kms/database.h>
#ifdef __cplusplus
extern "C" {
#endif

#define KMS_TASKS_INTERFACE "kms.draft.database.tasks/1"

/// Something an administrator may ask of this backend: `kmsd db rotate-label`. Static.
typedef struct kms_task {
  const char *name, *help;   // kebab-case; one sentence, no final full stop
  const kms_option *options; // of this command only
  uint32_t option_count, option_stride;
} kms_task;

/// Maintenance that only the driver knows: audit, compaction, rotation. Optional.
typedef struct kms_database_tasks {
  uint32_t struct_size, count;
  const kms_task *items;
  /// Runs a task beside serving hosts; resumable after a crash by running it again.
  /// \param out  Findings, one line each, for the administrator. Progress goes to the log.
  kms_status (*run)(kms_database *database, const kms_call *call, kms_text task,
                    const kms_setting *settings, size_t count, kms_texts *out,
                    kms_error *error);
} kms_database_tasks;

#ifdef __cplusplus
}
#endif
#endif
