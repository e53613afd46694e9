#define _GNU_SOURCE
#include "driver_call.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

// A handler of fatal signals may use what is below and little else: no locks, no allocation, no
// stdio. It runs on the thread at fault, so memory of the thread tells what that thread was doing.

enum { STACK_SIZE = 64 * 1024, DRIVERS_MAX = 8 };

static _Thread_local struct {
    const char *driver, *function;
    bool has_stack;
} here;

static const char *program_name;
static const char *_Atomic drivers[DRIVERS_MAX];
static _Atomic int line_form;
static atomic_bool is_announced;
static atomic_flag was_said = ATOMIC_FLAG_INIT;
static pthread_key_t stack_key;

static const struct {
    int number;
    const char *name;
} fatal[] = {
    {SIGABRT, "SIGABRT"}, {SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"},
    {SIGFPE, "SIGFPE"},   {SIGILL, "SIGILL"},   {SIGTRAP, "SIGTRAP"},
};
enum { FATAL_COUNT = sizeof fatal / sizeof *fatal };

// Calls.

// A thread whose stack has overflowed has no room for a handler: it gets a stack of its own for
// that, once, which goes when the thread does.
static void drop_stack(void *memory) {
    const stack_t none = {.ss_flags = SS_DISABLE};
    sigaltstack(&none, NULL);
    munmap(memory, STACK_SIZE);
}

static void add_stack(void) {
    here.has_stack = true; // also when it fails: a second attempt would fail too
    stack_t now;
    if (sigaltstack(NULL, &now) != 0 || !(now.ss_flags & SS_DISABLE)) return;
    void *memory =
        mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return;
    const stack_t stack = {.ss_sp = memory, .ss_size = STACK_SIZE};
    if (sigaltstack(&stack, NULL) != 0)
        munmap(memory, STACK_SIZE);
    else
        pthread_setspecific(stack_key, memory); // without it the memory stays when the thread ends
}

void platform_enter_driver(const char *driver, const char *function) {
    if (!here.has_stack && atomic_load_explicit(&is_announced, memory_order_relaxed)) add_stack();
    here.function = function;
    here.driver = driver;
    // The compiler must not move the call of the driver before the note.
    atomic_signal_fence(memory_order_seq_cst);
}

void platform_leave_driver(void) {
    atomic_signal_fence(memory_order_seq_cst);
    here.driver = NULL;
}

void platform_add_driver(const char *driver) {
    for (int i = 0; i < DRIVERS_MAX; i++) {
        const char *none = NULL;
        if (atomic_compare_exchange_strong(&drivers[i], &none, driver)) return;
    }
}

// The line.

struct line {
    char text[4096];
    size_t size;
};

static void put(struct line *line, const char *text) {
    size_t size = strlen(text);
    if (size > sizeof line->text - line->size) return;
    memcpy(line->text + line->size, text, size);
    line->size += size;
}

static void put_number(struct line *line, int64_t number, int digits) {
    char text[20] = {0};
    for (int i = digits - 1; i >= 0; i--, number /= 10) text[i] = (char)('0' + number % 10);
    put(line, text);
}

// As in the log: 2026-01-31T12:00:00.123Z. `gmtime_r` may take a lock.
static void put_time(struct line *line) {
    struct timespec now = {0};
    clock_gettime(CLOCK_REALTIME, &now);
    // Days are counted from 0000-03-01, so that the leap day is the last of its year; an era is the
    // 400 years after which the calendar repeats.
    int64_t days = now.tv_sec / 86400 + 719468, second = now.tv_sec % 86400;
    int64_t era = days / 146097, day = days % 146097;
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    day -= 365 * year + year / 4 - year / 100;
    int64_t month = (5 * day + 2) / 153;
    put_number(line, era * 400 + year + (month >= 10), 4);
    put(line, "-");
    put_number(line, month < 10 ? month + 3 : month - 9, 2);
    put(line, "-");
    put_number(line, day - (153 * month + 2) / 5 + 1, 2);
    put(line, "T");
    put_number(line, second / 3600, 2);
    put(line, ":");
    put_number(line, second / 60 % 60, 2);
    put(line, ":");
    put_number(line, second % 60, 2);
    put(line, ".");
    put_number(line, now.tv_nsec / 1000000, 3);
    put(line, "Z");
}

static void put_message(struct line *line, const char *end) {
    if (here.driver) {
        put(line, "driver ");
        put(line, here.driver);
        put(line, " ended the process in ");
        put(line, here.function);
        put(line, ": ");
        put(line, end);
        put(line, "; ask its vendor");
        return;
    }
    put(line, "the process ends outside of any driver's call: ");
    put(line, end);
    for (int i = 0; i < DRIVERS_MAX; i++) {
        const char *driver = atomic_load(&drivers[i]);
        if (!driver) break;
        put(line, i == 0 ? "; loaded: " : ", ");
        put(line, driver);
    }
}

static void say(const char *end) {
    int form = atomic_load_explicit(&line_form, memory_order_relaxed);
    if (form == PLATFORM_LAST_WORDS_NONE || atomic_flag_test_and_set(&was_said)) return;
    struct line line;
    line.size = 0;
    if (form == PLATFORM_LAST_WORDS_JSON) put(&line, "{\"time\":\"");
    if (form != PLATFORM_LAST_WORDS_PLAIN) put_time(&line);
    if (form == PLATFORM_LAST_WORDS_JSON) put(&line, "\",\"level\":\"critical\",\"logger\":\"");
    if (form == PLATFORM_LAST_WORDS_TEXT) put(&line, " critical ");
    put(&line, program_name);
    put(&line, form == PLATFORM_LAST_WORDS_JSON ? "\",\"message\":\"" : ": ");
    put_message(&line, end);
    put(&line, form == PLATFORM_LAST_WORDS_JSON ? "\"}\n" : "\n");
    // One write, so that it does not mix with lines of other threads.
    if (write(STDERR_FILENO, line.text, line.size) < 0) return; // there is nobody left to tell
}

// Ends.

static void end_by_signal(int number, siginfo_t *info, void *context) {
    (void)context;
    int kept = errno;
    for (int i = 0; i < FATAL_COUNT; i++)
        if (fatal[i].number == number) say(fatal[i].name);
    const struct sigaction usual = {.sa_handler = SIG_DFL};
    sigaction(number, &usual, NULL);
    // What the processor found it finds again when this returns. What was sent is sent once more.
    if (info->si_code <= 0) raise(number);
    errno = kept;
}

static void end_by_exit(void) {
    if (here.driver) say("it called exit");
}

bool platform_announce_last_words(const char *program) {
    if (atomic_load(&is_announced)) return true;
    program_name = program;
    int failure = pthread_key_create(&stack_key, drop_stack);
    if (failure != 0) {
        errno = failure;
        return false;
    }
    struct sigaction action = {.sa_sigaction = end_by_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigfillset(&action.sa_mask);
    for (int i = 0; i < FATAL_COUNT; i++)
        if (sigaction(fatal[i].number, &action, NULL) != 0) return false;
    atomic_store(&is_announced, true);
    return atexit(end_by_exit) == 0;
}

void platform_set_last_words(enum platform_last_words form) {
    atomic_store_explicit(&line_form, (int)form, memory_order_relaxed);
}
