// `NAME-rows create|get CONNECTIONS SECONDS`, the URL in DATABASE_URL: prints operations per second.
#include "rows.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { connections_max = 256 };

static atomic_bool begun, ended;

typedef struct {
  pthread_t thread;
  client *client;
  unsigned number;
  int is_create;
  long count;
} worker;

_Noreturn void fail(const char *what, const char *reason) {
  fprintf(stderr, "%s: %s\n", what, reason);
  exit(1);
}

static void *work(void *context) {
  worker *me = context;
  while (!begun) usleep(100);
  unsigned seed = (unsigned)getpid() * 257u + me->number;
  while (!ended) {
    if (me->is_create) {
      // Random like the server's own identifiers, so that the indexes grow everywhere.
      char uid[37];
      snprintf(uid, sizeof uid, "%08x-%04x-4000-8000-%04x%08lx", (unsigned)rand_r(&seed),
               (unsigned)getpid() & 0xFFFF, me->number, (unsigned long)me->count & 0xFFFFFFFF);
      client_create(me->client, uid);
    } else {
      client_get(me->client);
    }
    me->count++;
  }
  return NULL;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int count, char **arguments) {
  const char *url = getenv("DATABASE_URL");
  int connections = count == 4 ? atoi(arguments[2]) : 0;
  if (url == NULL || connections < 1 || connections > connections_max) {
    fprintf(stderr, "usage: DATABASE_URL=... %s create|get CONNECTIONS SECONDS\n", arguments[0]);
    return 2;
  }
  static worker workers[connections_max];
  for (int i = 0; i < connections; i++) {
    workers[i] = (worker){.client = client_open(url), .number = (unsigned)i,
                          .is_create = strcmp(arguments[1], "create") == 0};
    if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0) fail("thread", "not made");
  }
  double started = now();
  begun = 1;
  usleep((useconds_t)(atof(arguments[3]) * 1e6));
  ended = 1;
  long done = 0;
  for (int i = 0; i < connections; i++) {
    pthread_join(workers[i].thread, NULL);
    done += workers[i].count;
  }
  printf("%.1f\n", (double)done / (now() - started));
  for (int i = 0; i < connections; i++) client_close(workers[i].client);
}
