// A PKCS#11 library that forwards to another one and misbehaves on request. See README.md.
#ifndef P11_SHIM_H
#define P11_SHIM_H

#include <p11-kit-1/p11-kit/pkcs11.h>
#include <stdbool.h>
#include <stddef.h>

/// What is to happen to one call.
struct fate {
  const char *function;
  CK_SESSION_HANDLE session; // in use until the call ends; 0: none
  CK_RV rv;                  // instead of the call's own, when `replaces`
  bool replaces, skips;
  bool truncates, flips; // the output
  unsigned long long begun_ns;
};

/// Decides what happens to a call. \return false: `fate->rv` is the answer, nothing is forwarded.
bool shim_enter(const char *function, CK_SESSION_HANDLE session, struct fate *fate);
/// Ends it. \return What the caller is told.
CK_RV shim_leave(struct fate *fate, CK_RV rv);

/// The library that is forwarded to; NULL when it cannot be loaded.
CK_FUNCTION_LIST *shim_target(void);

/// RSA-OAEP with SHA-256 over raw RSA, for a target that lacks it.
bool shim_is_oaep256(const CK_MECHANISM *mechanism);
bool shim_oaep_wanted(void);
CK_RV shim_oaep_begin(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key, bool encrypts);
bool shim_oaep_active(CK_SESSION_HANDLE session, bool encrypts);
CK_RV shim_oaep_finish(CK_SESSION_HANDLE session, CK_BYTE *input, CK_ULONG size, CK_BYTE *output,
                       CK_ULONG *output_size, bool encrypts);

/// Which of a vendor's ways are put on (`P11SHIM_PROFILE`).
bool shim_profile(const char *name);

/// Slots under other numbers (`P11SHIM_SLOTS`).
CK_SLOT_ID shim_real_slot(CK_SLOT_ID alias);
CK_RV shim_slot_list(CK_BBOOL present, CK_SLOT_ID *list, CK_ULONG *count);

/// Sessions that are open, for `max-sessions`.
bool shim_may_open(void);
void shim_opened(void);
void shim_closed(void);
void shim_all_closed(void);
bool shim_is_unplugged(void);

#endif
