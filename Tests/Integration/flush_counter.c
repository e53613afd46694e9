// Preloaded into a server: kills it, as SIGKILL does, just before the flush with the number that
// DIE_AT_FLUSH names, counted from 1. What was flushed before is all that survives a power failure.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

static atomic_int flushes;

static void count(void) {
  const char *fatal = getenv("DIE_AT_FLUSH");
  if (fatal && atomic_fetch_add(&flushes, 1) + 1 == atoi(fatal))
    kill(getpid(), SIGKILL);
}

int fsync(int file) {
  count();
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  return real(file);
}

int fdatasync(int file) {
  count();
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  return real(file);
}
