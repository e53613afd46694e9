// Rules that are read from a file while the library is in use, counters, and the checks that are always on.
#define _GNU_SOURCE
#include "shim.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { RULES = 64, FUNCTIONS = 80, SESSIONS = 65536 };

struct rule {
  char function[40];
  long after, count, delay_ms;
  double probability;
  CK_RV rv;
  bool has_rv, forwards, hangs, truncates, flips, drops_sessions, logs_out;
};

struct counter {
  char function[40];
  unsigned long calls, errors, total_us, max_us;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct rule rules[RULES];
static size_t rule_count;
static struct counter counters[FUNCTIONS];
static size_t counter_count;
static struct timespec plan_time;
static off_t plan_size = -1;
static unsigned plan_version;
static unsigned long long seed = 1;
static bool unplugged;
static long max_sessions = -1, open_sessions;
static unsigned long violations;
static _Atomic int in_use[SESSIONS];
static pid_t owner;

static unsigned long long now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (unsigned long long)t.tv_sec * 1000000000ull + (unsigned long long)t.tv_nsec;
}

static double chance(void) {
  seed = seed * 6364136223846793005ull + 1442695040888963407ull;
  return (double)(seed >> 11) / 9007199254740992.0;
}

static void dump(void) {
  const char *path = getenv("P11SHIM_LOG");
  FILE *file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  for (size_t i = 0; i < counter_count; i++)
    fprintf(file, "%s %lu %lu %lu %lu\n", counters[i].function, counters[i].calls, counters[i].errors,
            counters[i].total_us, counters[i].max_us);
  fprintf(file, "violations %lu\n", violations);
  fclose(file);
}

static void drop_all_sessions(void) {
  CK_FUNCTION_LIST *target = shim_target();
  CK_SLOT_ID slots[64];
  CK_ULONG count = 64;
  if (!target || target->C_GetSlotList(CK_FALSE, slots, &count) != CKR_OK) return;
  for (CK_ULONG i = 0; i < count; i++) target->C_CloseAllSessions(slots[i]);
  open_sessions = 0;
}

static void directive(const char *line) {
  if (!strncmp(line, "!unplug", 7) && !unplugged) {
    unplugged = true;
    drop_all_sessions();
  } else if (!strncmp(line, "!replug", 7)) {
    unplugged = false;
  } else if (!strncmp(line, "!drop-sessions", 14)) {
    drop_all_sessions();
  } else if (!strncmp(line, "!forget", 7)) {
    if (shim_target()) shim_target()->C_Finalize(NULL);
    open_sessions = 0;
  } else if (!strncmp(line, "!max-sessions ", 14)) {
    max_sessions = atol(line + 14);
  } else if (!strncmp(line, "!seed ", 6)) {
    seed = strtoull(line + 6, NULL, 10);
  } else if (!strncmp(line, "!reset", 6)) {
    counter_count = 0;
    violations = 0;
  } else if (!strncmp(line, "!dump", 5)) {
    dump();
  }
}

static void read_rule(char *line) {
  if (rule_count == RULES) return;
  struct rule rule = {.count = -1, .probability = 1};
  char *rest = NULL, *word = strtok_r(line, " \t\n", &rest);
  if (!word || *word == '#') return;
  snprintf(rule.function, sizeof rule.function, "%s", word);
  while ((word = strtok_r(NULL, " \t\n", &rest))) {
    if (!strncmp(word, "after=", 6)) rule.after = atol(word + 6);
    else if (!strncmp(word, "count=", 6)) rule.count = atol(word + 6);
    else if (!strncmp(word, "delay=", 6)) rule.delay_ms = atol(word + 6);
    else if (!strncmp(word, "prob=", 5)) rule.probability = atof(word + 5);
    else if (!strncmp(word, "rv=", 3)) rule.has_rv = true, rule.rv = strtoul(word + 3, NULL, 0);
    else if (!strcmp(word, "hang=1")) rule.hangs = true;
    else if (!strcmp(word, "do=forward")) rule.forwards = true;
    else if (!strcmp(word, "effect=truncate")) rule.truncates = true;
    else if (!strcmp(word, "effect=flip")) rule.flips = true;
    else if (!strcmp(word, "effect=drop-sessions")) rule.drops_sessions = true;
    else if (!strcmp(word, "effect=logout")) rule.logs_out = true;
    else fprintf(stderr, "p11shim: unknown: %s\n", word);
  }
  rules[rule_count++] = rule;
}

// Under the lock. A plan is replaced by renaming another file to its name.
static void look_at_plan(void) {
  const char *path = getenv("P11SHIM_PLAN");
  struct stat facts;
  if (!path || stat(path, &facts) != 0) return;
  if (facts.st_size == plan_size && facts.st_mtim.tv_sec == plan_time.tv_sec &&
      facts.st_mtim.tv_nsec == plan_time.tv_nsec)
    return;
  plan_size = facts.st_size;
  plan_time = facts.st_mtim;
  plan_version++;
  rule_count = 0;
  FILE *file = fopen(path, "r");
  char line[256];
  while (file && fgets(line, sizeof line, file)) {
    if (*line == '!') directive(line);
    else read_rule(line);
  }
  if (file) fclose(file);
}

static struct counter *counter_of(const char *function) {
  for (size_t i = 0; i < counter_count; i++)
    if (!strcmp(counters[i].function, function)) return &counters[i];
  if (counter_count == FUNCTIONS) return &counters[FUNCTIONS - 1];
  struct counter *counter = &counters[counter_count++];
  memset(counter, 0, sizeof *counter);
  snprintf(counter->function, sizeof counter->function, "%s", function);
  return counter;
}

static struct rule *rule_for(const char *function) {
  for (size_t i = 0; i < rule_count; i++) {
    struct rule *rule = &rules[i];
    if (strcmp(rule->function, "*") && strcmp(rule->function, function)) continue;
    if (rule->after > 0) {
      rule->after--;
      continue;
    }
    if (rule->count == 0 || (rule->probability < 1 && chance() >= rule->probability)) continue;
    if (rule->count > 0) rule->count--;
    return rule;
  }
  return NULL;
}

// Until the plan changes.
static void hang(unsigned version) {
  for (;;) {
    usleep(20000);
    pthread_mutex_lock(&lock);
    look_at_plan();
    bool is_over = plan_version != version;
    pthread_mutex_unlock(&lock);
    if (is_over) return;
  }
}

bool shim_enter(const char *function, CK_SESSION_HANDLE session, struct fate *fate) {
  *fate = (struct fate){.function = function, .begun_ns = now_ns()};
  pthread_mutex_lock(&lock);
  if (!owner) owner = getpid();
  if (owner != getpid()) violations++;
  look_at_plan();
  counter_of(function)->calls++;
  struct rule *found = rule_for(function), rule = {0};
  if (found) rule = *found;
  unsigned version = plan_version;
  if (rule.drops_sessions) drop_all_sessions();
  bool is_gone = unplugged;
  pthread_mutex_unlock(&lock);

  if (rule.delay_ms) usleep((useconds_t)rule.delay_ms * 1000);
  if (rule.hangs) hang(version);
  if (rule.logs_out && session) shim_target()->C_Logout(session);
  fate->truncates = rule.truncates;
  fate->flips = rule.flips;
  if (rule.has_rv) {
    fate->replaces = true;
    fate->rv = rule.rv;
    fate->skips = !rule.forwards;
  } else if (is_gone) {
    fate->replaces = fate->skips = true;
    fate->rv = CKR_DEVICE_REMOVED;
  }
  // A session is for one thread at a time: the second one would corrupt the target's memory.
  if (session && !fate->skips && atomic_exchange(&in_use[session % SESSIONS], 1)) {
    pthread_mutex_lock(&lock);
    violations++;
    pthread_mutex_unlock(&lock);
    fate->replaces = fate->skips = true;
    fate->rv = CKR_OPERATION_ACTIVE;
  } else if (!fate->skips) {
    fate->session = session;
  }
  if (fate->skips) shim_leave(fate, fate->rv);
  return !fate->skips;
}

CK_RV shim_leave(struct fate *fate, CK_RV rv) {
  if (fate->session) atomic_store(&in_use[fate->session % SESSIONS], 0);
  if (fate->replaces) rv = fate->rv;
  unsigned long us = (unsigned long)((now_ns() - fate->begun_ns) / 1000);
  pthread_mutex_lock(&lock);
  struct counter *counter = counter_of(fate->function);
  counter->total_us += us;
  if (us > counter->max_us) counter->max_us = us;
  if (rv != CKR_OK) counter->errors++;
  if (!strcmp(fate->function, "C_Finalize")) dump();
  pthread_mutex_unlock(&lock);
  return rv;
}

bool shim_may_open(void) {
  pthread_mutex_lock(&lock);
  bool may = max_sessions < 0 || open_sessions < max_sessions;
  pthread_mutex_unlock(&lock);
  return may;
}

static void count_sessions(long change) {
  pthread_mutex_lock(&lock);
  open_sessions = change ? open_sessions + change : 0;
  if (open_sessions < 0) open_sessions = 0;
  pthread_mutex_unlock(&lock);
}
void shim_opened(void) { count_sessions(1); }
void shim_closed(void) { count_sessions(-1); }
void shim_all_closed(void) { count_sessions(0); }

bool shim_is_unplugged(void) { return unplugged; }

bool shim_profile(const char *name) {
  const char *profile = getenv("P11SHIM_PROFILE");
  return profile && !strcmp(profile, name);
}

/// For tests in the same process: how often a function was called; "violations" for the checks.
__attribute__((visibility("default"))) unsigned long p11shim_count(const char *function) {
  pthread_mutex_lock(&lock);
  unsigned long count = violations;
  if (strcmp(function, "violations")) {
    count = 0;
    for (size_t i = 0; i < counter_count; i++)
      if (!strcmp(counters[i].function, function)) count = counters[i].calls;
  }
  pthread_mutex_unlock(&lock);
  return count;
}
