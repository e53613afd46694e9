// RSA-OAEP with SHA-256 made of raw RSA, which SoftHSM2 has also for keys that cannot leave.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "shim.h"
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

enum { SESSIONS = 65536 };
enum state { NONE, ENCRYPTS, DECRYPTS };
static unsigned char states[SESSIONS]; // each touched by the one thread that uses the session
static unsigned short sizes[SESSIONS];

bool shim_oaep_wanted(void) {
  const char *text = getenv("P11SHIM_OAEP256");
  return text && !strcmp(text, "1");
}

bool shim_is_oaep256(const CK_MECHANISM *mechanism) {
  if (!mechanism || mechanism->mechanism != CKM_RSA_PKCS_OAEP || !mechanism->pParameter) return false;
  const CK_RSA_PKCS_OAEP_PARAMS *parameters = mechanism->pParameter;
  return parameters->hashAlg == CKM_SHA256;
}

CK_RV shim_oaep_begin(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key, bool encrypts) {
  CK_FUNCTION_LIST *target = shim_target();
  CK_BYTE modulus[1024];
  CK_ATTRIBUTE attribute = {CKA_MODULUS, modulus, sizeof modulus};
  CK_RV rv = target->C_GetAttributeValue(session, key, &attribute, 1);
  if (rv != CKR_OK) return rv;
  CK_MECHANISM raw = {CKM_RSA_X_509, NULL, 0};
  rv = encrypts ? target->C_EncryptInit(session, &raw, key) : target->C_DecryptInit(session, &raw, key);
  if (rv != CKR_OK) return rv;
  states[session % SESSIONS] = encrypts ? ENCRYPTS : DECRYPTS;
  sizes[session % SESSIONS] = (unsigned short)attribute.ulValueLen;
  return CKR_OK;
}

bool shim_oaep_active(CK_SESSION_HANDLE session, bool encrypts) {
  return states[session % SESSIONS] == (encrypts ? ENCRYPTS : DECRYPTS);
}

CK_RV shim_oaep_finish(CK_SESSION_HANDLE session, CK_BYTE *input, CK_ULONG size, CK_BYTE *output,
                       CK_ULONG *output_size, bool encrypts) {
  CK_FUNCTION_LIST *target = shim_target();
  int modulus = sizes[session % SESSIONS];
  CK_BYTE block[1024];
  states[session % SESSIONS] = NONE;
  if (encrypts) {
    if (RSA_padding_add_PKCS1_OAEP_mgf1(block, modulus, input, (int)size, NULL, 0, EVP_sha256(),
                                        EVP_sha256()) != 1)
      memset(block, 0, sizeof block);
    return target->C_Encrypt(session, block, (CK_ULONG)modulus, output, output_size);
  }
  CK_ULONG count = sizeof block;
  CK_RV rv = target->C_Decrypt(session, input, size, block, &count);
  if (rv != CKR_OK) return rv;
  CK_BYTE plain[1024];
  int length = RSA_padding_check_PKCS1_OAEP_mgf1(plain, sizeof plain, block, (int)count, modulus, NULL, 0,
                                                 EVP_sha256(), EVP_sha256());
  if (length < 0) return CKR_ENCRYPTED_DATA_INVALID;
  if ((CK_ULONG)length > *output_size) return CKR_BUFFER_TOO_SMALL;
  memcpy(output, plain, (size_t)length);
  *output_size = (CK_ULONG)length;
  return CKR_OK;
}
