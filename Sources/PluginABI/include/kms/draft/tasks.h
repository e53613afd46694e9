#ifndef KMS_DRAFT_TASKS_H
#define KMS_DRAFT_TASKS_H
#include <kms/database.h>
#ifdef __cplusplus
extern "C" {
#endif

// A draft: it keeps no promise of compatibility and may change with every release, or vanish. When
// it is settled its id becomes "kms.database.tasks/1". Until then build host and driver from the
// same headers.

#define KMS_TASKS_INTERFACE "kms.draft.database.tasks/1"

/// Something an administrator may ask of this backend: `kmsd db rotate-label`. Static.
typedef struct kms_task {
  const char *name, *help;   // kebab-case; one sentence, no final full stop
  const kms_option *options; // of this command only
  uint32_t option_count, option_stride;
} kms_task;

/// Maintenance that only the driver knows: audit, compaction, rotation. Optional. What
/// kms_database_driver says of functions whose comments are silent holds here.
typedef struct kms_database_tasks {
  uint32_t struct_size, count;
  const kms_task *items;
  /// Runs a task beside serving hosts; resumable after a crash by running it again.
  ///
  /// \param settings  `count` of them, parsed as `options` of the task say.
  /// \param out       Findings, one line each, for the administrator, and no secrets; the driver's
  ///                  until `out->owner.release`. Progress goes to the log.
  ///
  /// [any-thread, concurrent, may block] May take hours; polls `is_cancelled`. KMS_NOT_FOUND for a
  /// task that is not listed, KMS_CONFLICT when it already runs and cannot run twice. A failure may
  /// leave part of the work done, never half of a record.
  kms_status (*run)(kms_database *database, const kms_call *call, kms_text task,
                    const kms_setting *settings, size_t count, kms_texts *out,
                    kms_error *error);
} kms_database_tasks;

#ifdef __cplusplus
}
#endif
#endif
