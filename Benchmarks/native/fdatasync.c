// The disk alone: `fdatasync FOLDER SECONDS` prints appends of 4 KiB per second, each made durable.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int count, char **arguments) {
  if (count != 3) {
    fprintf(stderr, "usage: fdatasync FOLDER SECONDS\n");
    return 2;
  }
  char path[4096];
  snprintf(path, sizeof path, "%s/fdatasync-%d", arguments[1], (int)getpid());
  double seconds = atof(arguments[2]);
  int file = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0) {
    perror(path);
    return 1;
  }
  unlink(path);

  char page[4096];
  memset(page, 0xA5, sizeof page);
  long appends = 0;
  double started = now(), elapsed = 0;
  while ((elapsed = now() - started) < seconds) {
    // The page is appended within a bounded file: a log that is reused, as SQLite's is.
    off_t at = (off_t)(appends % 1024) * (off_t)sizeof page;
    if (pwrite(file, page, sizeof page, at) != (ssize_t)sizeof page || fdatasync(file) != 0) {
      perror("fdatasync");
      return 1;
    }
    appends++;
  }
  printf("%.1f\n", (double)appends / elapsed);
  return 0;
}
