// The functions that are forwarded, by name and in the function list.
#define _GNU_SOURCE
#include "shim.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN __attribute__((visibility("default")))

static CK_FUNCTION_LIST *target;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
  const char *path = getenv("P11SHIM_TARGET");
  void *handle = path ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
  CK_C_GetFunctionList get = handle ? (CK_C_GetFunctionList)dlsym(handle, "C_GetFunctionList") : NULL;
  if (!get || get(&target) != CKR_OK) {
    fprintf(stderr, "p11shim: P11SHIM_TARGET: %s\n", path ? dlerror() : "not set");
    target = NULL;
  }
}

CK_FUNCTION_LIST *shim_target(void) {
  pthread_once(&once, load);
  return target;
}

// `kms1` at slot 4: "4=kms1,0=kms2".
static bool alias(CK_SLOT_ID given, CK_SLOT_ID *real) {
  const char *text = getenv("P11SHIM_SLOTS");
  char copy[256], *rest = NULL;
  snprintf(copy, sizeof copy, "%s", text ? text : "");
  for (char *item = strtok_r(copy, ",", &rest); item; item = strtok_r(NULL, ",", &rest)) {
    char *label = strchr(item, '=');
    if (!label || strtoul(item, NULL, 10) != given) continue;
    CK_SLOT_ID slots[64];
    CK_ULONG count = 64;
    if (target->C_GetSlotList(CK_TRUE, slots, &count) != CKR_OK) return false;
    for (CK_ULONG i = 0; i < count; i++) {
      CK_TOKEN_INFO info;
      size_t size = strlen(label + 1);
      if (target->C_GetTokenInfo(slots[i], &info) == CKR_OK && !memcmp(info.label, label + 1, size) &&
          (size == sizeof info.label || info.label[size] == ' ')) {
        *real = slots[i];
        return true;
      }
    }
  }
  return false;
}

CK_SLOT_ID shim_real_slot(CK_SLOT_ID slot) {
  CK_SLOT_ID real = slot;
  if (getenv("P11SHIM_SLOTS") && !alias(slot, &real)) return (CK_SLOT_ID)-1;
  return real;
}

CK_RV shim_slot_list(CK_BBOOL present, CK_SLOT_ID *list, CK_ULONG *count) {
  const char *text = getenv("P11SHIM_SLOTS");
  if (!text) return target->C_GetSlotList(present, list, count);
  CK_ULONG room = *count, found = 0;
  for (const char *item = text; item && *item; item = strchr(item, ',') ? strchr(item, ',') + 1 : NULL) {
    if (list && found < room) list[found] = strtoul(item, NULL, 10);
    found++;
  }
  *count = found;
  return list && found > room ? CKR_BUFFER_TOO_SMALL : CKR_OK;
}

#define FORWARD(name, session, parameters, arguments)                                                                  \
  SHOWN CK_RV name parameters {                                                                                        \
    struct fate fate;                                                                                                  \
    if (!shim_target()) return CKR_GENERAL_ERROR;                                                                      \
    if (!shim_enter(#name, session, &fate)) return fate.rv;                                                            \
    CK_RV rv = target->name arguments;                                                                                 \
    return shim_leave(&fate, rv);                                                                                      \
  }

FORWARD(C_Initialize, 0, (void *arguments), (arguments))
FORWARD(C_GetInfo, 0, (CK_INFO * info), (info))
FORWARD(C_GetSlotInfo, 0, (CK_SLOT_ID slot, CK_SLOT_INFO *info), (shim_real_slot(slot), info))
FORWARD(C_GetTokenInfo, 0, (CK_SLOT_ID slot, CK_TOKEN_INFO *info), (shim_real_slot(slot), info))
FORWARD(C_GetMechanismInfo, 0, (CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO *info),
        (shim_real_slot(slot), type, info))
FORWARD(C_GetMechanismList, 0, (CK_SLOT_ID slot, CK_MECHANISM_TYPE *list, CK_ULONG *count),
        (shim_real_slot(slot), list, count))
FORWARD(C_GetSessionInfo, session, (CK_SESSION_HANDLE session, CK_SESSION_INFO *info), (session, info))
FORWARD(C_Login, session, (CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_BYTE *pin, CK_ULONG size),
        (session, user, pin, size))
FORWARD(C_Logout, session, (CK_SESSION_HANDLE session), (session))
FORWARD(C_DestroyObject, session, (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object), (session, object))
FORWARD(C_GetAttributeValue, session,
        (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *items, CK_ULONG count),
        (session, object, items, count))
FORWARD(C_SetAttributeValue, session,
        (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *items, CK_ULONG count),
        (session, object, items, count))
FORWARD(C_FindObjectsInit, session, (CK_SESSION_HANDLE session, CK_ATTRIBUTE *items, CK_ULONG count),
        (session, items, count))
FORWARD(C_FindObjects, session,
        (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *objects, CK_ULONG room, CK_ULONG *count),
        (session, objects, room, count))
FORWARD(C_FindObjectsFinal, session, (CK_SESSION_HANDLE session), (session))
FORWARD(C_DigestInit, session, (CK_SESSION_HANDLE session, CK_MECHANISM *mechanism), (session, mechanism))
FORWARD(C_Digest, session,
        (CK_SESSION_HANDLE session, CK_BYTE *data, CK_ULONG size, CK_BYTE *digest, CK_ULONG *digest_size),
        (session, data, size, digest, digest_size))
FORWARD(C_SignInit, session, (CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key),
        (session, mechanism, key))
FORWARD(C_Sign, session,
        (CK_SESSION_HANDLE session, CK_BYTE *data, CK_ULONG size, CK_BYTE *signature, CK_ULONG *signature_size),
        (session, data, size, signature, signature_size))
FORWARD(C_VerifyInit, session, (CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key),
        (session, mechanism, key))
FORWARD(C_Verify, session,
        (CK_SESSION_HANDLE session, CK_BYTE *data, CK_ULONG size, CK_BYTE *signature, CK_ULONG signature_size),
        (session, data, size, signature, signature_size))
FORWARD(C_GenerateKeyPair, session,
        (CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_ATTRIBUTE *public_items, CK_ULONG public_count,
         CK_ATTRIBUTE *private_items, CK_ULONG private_count, CK_OBJECT_HANDLE *public_key,
         CK_OBJECT_HANDLE *private_key),
        (session, mechanism, public_items, public_count, private_items, private_count, public_key, private_key))
FORWARD(C_WrapKey, session,
        (CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE wrapping, CK_OBJECT_HANDLE key,
         CK_BYTE *wrapped, CK_ULONG *size),
        (session, mechanism, wrapping, key, wrapped, size))
FORWARD(C_UnwrapKey, session,
        (CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE wrapping, CK_BYTE *wrapped,
         CK_ULONG size, CK_ATTRIBUTE *items, CK_ULONG count, CK_OBJECT_HANDLE *key),
        (session, mechanism, wrapping, wrapped, size, items, count, key))
FORWARD(C_SeedRandom, session, (CK_SESSION_HANDLE session, CK_BYTE *bytes, CK_ULONG size), (session, bytes, size))
FORWARD(C_GenerateRandom, session, (CK_SESSION_HANDLE session, CK_BYTE *bytes, CK_ULONG size),
        (session, bytes, size))

SHOWN CK_RV C_Finalize(void *reserved) {
  struct fate fate;
  if (!shim_target()) return CKR_GENERAL_ERROR;
  if (!shim_enter("C_Finalize", 0, &fate)) return fate.rv;
  shim_all_closed();
  return shim_leave(&fate, target->C_Finalize(reserved));
}

SHOWN CK_RV C_GetSlotList(CK_BBOOL present, CK_SLOT_ID *list, CK_ULONG *count) {
  struct fate fate;
  if (!shim_target()) return CKR_GENERAL_ERROR;
  if (!shim_enter("C_GetSlotList", 0, &fate)) return fate.rv;
  return shim_leave(&fate, shim_slot_list(present, list, count));
}

SHOWN CK_RV C_OpenSession(CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify,
                          CK_SESSION_HANDLE *session) {
  struct fate fate;
  if (!shim_target()) return CKR_GENERAL_ERROR;
  if (!shim_enter("C_OpenSession", 0, &fate)) return fate.rv;
  if (!shim_may_open()) return shim_leave(&fate, CKR_SESSION_COUNT);
  CK_RV rv = target->C_OpenSession(shim_real_slot(slot), flags, application, notify, session);
  if (rv == CKR_OK) shim_opened();
  return shim_leave(&fate, rv);
}

SHOWN CK_RV C_CloseSession(CK_SESSION_HANDLE session) {
  struct fate fate;
  if (!shim_target()) return CKR_GENERAL_ERROR;
  if (!shim_enter("C_CloseSession", session, &fate)) return fate.rv;
  CK_RV rv = target->C_CloseSession(session);
  if (rv == CKR_OK) shim_closed();
  return shim_leave(&fate, rv);
}

SHOWN CK_RV C_CloseAllSessions(CK_SLOT_ID slot) {
  struct fate fate;
  if (!shim_target()) return CKR_GENERAL_ERROR;
  if (!shim_enter("C_CloseAllSessions", 0, &fate)) return fate.rv;
  shim_all_closed();
  return shim_leave(&fate, target->C_CloseAllSessions(shim_real_slot(slot)));
}

SHOWN CK_RV C_GenerateKey(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_ATTRIBUTE *items, CK_ULONG count,
                          CK_OBJECT_HANDLE *key) {
  struct fate fate;
  if (!shim_target()) return CKR_GENERAL_ERROR;
  if (!shim_enter("C_GenerateKey", session, &fate)) return fate.rv;
  for (CK_ULONG i = 0; shim_profile("proteccio") && i < count; i++)
    if (items[i].type == CKA_ID) return shim_leave(&fate, CKR_ATTRIBUTE_TYPE_INVALID);
  return shim_leave(&fate, target->C_GenerateKey(session, mechanism, items, count, key));
}

static CK_RV begin(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key, bool encrypts) {
  bool is_oaep = mechanism && mechanism->mechanism == CKM_RSA_PKCS_OAEP;
  if (is_oaep && !shim_is_oaep256(mechanism) && shim_profile("proteccio")) return CKR_MECHANISM_PARAM_INVALID;
  if (shim_oaep_wanted() && shim_is_oaep256(mechanism)) return shim_oaep_begin(session, key, encrypts);
  if (mechanism && mechanism->mechanism == CKM_AES_GCM && shim_profile("smartcard")) return CKR_MECHANISM_INVALID;
  return encrypts ? target->C_EncryptInit(session, mechanism, key) : target->C_DecryptInit(session, mechanism, key);
}

SHOWN CK_RV C_EncryptInit(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key) {
  struct fate fate;
  if (!shim_target()) return CKR_GENERAL_ERROR;
  if (!shim_enter("C_EncryptInit", session, &fate)) return fate.rv;
  return shim_leave(&fate, begin(session, mechanism, key, true));
}

SHOWN CK_RV C_DecryptInit(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key) {
  struct fate fate;
  if (!shim_target()) return CKR_GENERAL_ERROR;
  if (!shim_enter("C_DecryptInit", session, &fate)) return fate.rv;
  return shim_leave(&fate, begin(session, mechanism, key, false));
}

static void damage(const struct fate *fate, CK_RV rv, CK_BYTE *output, CK_ULONG *size) {
  if (rv != CKR_OK || !output || *size == 0) return;
  if (fate->truncates) *size /= 2;
  if (fate->flips) output[0] ^= 1;
}

SHOWN CK_RV C_Encrypt(CK_SESSION_HANDLE session, CK_BYTE *data, CK_ULONG size, CK_BYTE *output,
                      CK_ULONG *output_size) {
  struct fate fate;
  if (!shim_target()) return CKR_GENERAL_ERROR;
  if (!shim_enter("C_Encrypt", session, &fate)) return fate.rv;
  if (shim_profile("smartcard") && size > 1024) {
    target->C_Encrypt(session, data, 16, output, output_size);
    return shim_leave(&fate, CKR_DATA_LEN_RANGE);
  }
  CK_RV rv = shim_oaep_active(session, true)
                 ? shim_oaep_finish(session, data, size, output, output_size, true)
                 : target->C_Encrypt(session, data, size, output, output_size);
  damage(&fate, rv, output, output_size);
  return shim_leave(&fate, rv);
}

SHOWN CK_RV C_Decrypt(CK_SESSION_HANDLE session, CK_BYTE *data, CK_ULONG size, CK_BYTE *output,
                      CK_ULONG *output_size) {
  struct fate fate;
  if (!shim_target()) return CKR_GENERAL_ERROR;
  if (!shim_enter("C_Decrypt", session, &fate)) return fate.rv;
  CK_RV rv = shim_oaep_active(session, false)
                 ? shim_oaep_finish(session, data, size, output, output_size, false)
                 : target->C_Decrypt(session, data, size, output, output_size);
  damage(&fate, rv, output, output_size);
  return shim_leave(&fate, rv);
}

SHOWN CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list) {
  static CK_FUNCTION_LIST mine;
  if (!list || !shim_target()) return CKR_GENERAL_ERROR;
  // What is of no interest goes straight to the target.
  mine = *target;
#define MINE(name) mine.name = name;
  MINE(C_Initialize) MINE(C_Finalize) MINE(C_GetInfo) MINE(C_GetFunctionList) MINE(C_GetSlotList)
  MINE(C_GetSlotInfo) MINE(C_GetTokenInfo) MINE(C_GetMechanismList) MINE(C_GetMechanismInfo) MINE(C_OpenSession)
  MINE(C_CloseSession) MINE(C_CloseAllSessions) MINE(C_GetSessionInfo) MINE(C_Login) MINE(C_Logout)
  MINE(C_DestroyObject) MINE(C_GetAttributeValue) MINE(C_SetAttributeValue) MINE(C_FindObjectsInit)
  MINE(C_FindObjects) MINE(C_FindObjectsFinal) MINE(C_EncryptInit) MINE(C_Encrypt) MINE(C_DecryptInit)
  MINE(C_Decrypt) MINE(C_DigestInit) MINE(C_Digest) MINE(C_SignInit) MINE(C_Sign) MINE(C_VerifyInit) MINE(C_Verify)
  MINE(C_GenerateKey) MINE(C_GenerateKeyPair) MINE(C_WrapKey) MINE(C_UnwrapKey) MINE(C_SeedRandom)
  MINE(C_GenerateRandom)
  *list = &mine;
  return CKR_OK;
}
