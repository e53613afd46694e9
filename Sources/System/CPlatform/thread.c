#define _GNU_SOURCE
#include "platform.h"
#include <pthread.h>
#include <string.h>

void platform_name_thread(const char *name) {
  char cut[16] = {0}; // the kernel refuses longer ones
  memcpy(cut, name, strnlen(name, sizeof cut - 1));
  pthread_setname_np(pthread_self(), cut);
}
