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

// What a thread does. Written by itself, read by itself in a handler and by who looks for calls that
// do not end.
typedef struct thread_call {
    const char *_Atomic driver, *_Atomic function;
    _Atomic uint32_t number;      // of the call, counted by thread
    _Atomic bool must_not_wait;
    bool is_listed;
    uint32_t seen_number, looks;  // of who looks
    struct thread_call *next, **link;
    void *stack;
} thread_call;

static _Thread_local thread_call here;
static thread_call *threads; // guarded by the mutex, like `next` and `link` of each
static pthread_mutex_t threads_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t key_once = PTHREAD_ONCE_INIT;
static pthread_key_t thread_key;

static const char *program_name;
static const char *_Atomic drivers[DRIVERS_MAX];
static _Atomic int line_form;
static atomic_bool is_announced;
static atomic_flag was_said = ATOMIC_FLAG_INIT;

static const struct {
    int number;
    const char *name;
} fatal[] = {
    {SIGABRT, "SIGABRT"}, {SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"},
    {SIGFPE, "SIGFPE"},   {SIGILL, "SIGILL"},   {SIGTRAP, "SIGTRAP"},
};
enum { FATAL_COUNT = sizeof fatal / sizeof *fatal };

// Calls.

// Runs when a thread ends.
static void unlist(void *argument) {
    thread_call *mine = argument;
    pthread_mutex_lock(&threads_mutex);
    *mine->link = mine->next;
    if (mine->next) mine->next->link = mine->link;
    pthread_mutex_unlock(&threads_mutex);
    if (!mine->stack) return;
    const stack_t none = {.ss_flags = SS_DISABLE};
    sigaltstack(&none, NULL);
    munmap(mine->stack, STACK_SIZE);
}

static void make_key(void) { pthread_key_create(&thread_key, unlist); }

// A thread whose stack has overflowed has no room for a handler: it gets a stack of its own for that.
static void add_stack(void) {
    stack_t now;
    if (sigaltstack(NULL, &now) != 0 || !(now.ss_flags & SS_DISABLE)) return;
    void *memory =
        mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return;
    const stack_t stack = {.ss_sp = memory, .ss_size = STACK_SIZE};
    if (sigaltstack(&stack, NULL) == 0)
        here.stack = memory;
    else
        munmap(memory, STACK_SIZE);
}

// The first call of a driver on a thread. One that cannot be unlisted at its end is not listed.
static void list_thread(void) {
    here.is_listed = true;
    pthread_once(&key_once, make_key);
    if (pthread_setspecific(thread_key, &here) != 0) return;
    if (atomic_load(&is_announced)) add_stack();
    pthread_mutex_lock(&threads_mutex);
    here.next = threads;
    here.link = &threads;
    if (threads) threads->link = &here.next;
    threads = &here;
    pthread_mutex_unlock(&threads_mutex);
}

static void store_text(const char *_Atomic *place, const char *text) {
    atomic_store_explicit(place, text, memory_order_relaxed);
}

void platform_enter_driver(const char *driver, const char *function, bool must_not_wait) {
    if (!here.is_listed) list_thread();
    uint32_t number = atomic_load_explicit(&here.number, memory_order_relaxed) + 1;
    atomic_store_explicit(&here.number, number, memory_order_relaxed);
    atomic_store_explicit(&here.must_not_wait, must_not_wait, memory_order_relaxed);
    store_text(&here.function, function);
    store_text(&here.driver, driver);
    // The compiler must not move the call of the driver before the note.
    atomic_signal_fence(memory_order_seq_cst);
}

void platform_leave_driver(void) {
    atomic_signal_fence(memory_order_seq_cst);
    store_text(&here.driver, NULL);
}

size_t platform_find_long_calls(struct platform_long_call *found, size_t most, uint32_t looks) {
    size_t count = 0;
    pthread_mutex_lock(&threads_mutex);
    for (thread_call *thread = threads; thread && count < most; thread = thread->next) {
        // Read while it may change: a call that ended meanwhile is another one at the next look.
        uint32_t number = atomic_load_explicit(&thread->number, memory_order_relaxed);
        const char *driver = atomic_load_explicit(&thread->driver, memory_order_relaxed);
        bool counts = driver && atomic_load_explicit(&thread->must_not_wait, memory_order_relaxed);
        thread->looks = counts && number == thread->seen_number ? thread->looks + 1 : 0;
        thread->seen_number = number;
        if (thread->looks != looks) continue;
        const char *function = atomic_load_explicit(&thread->function, memory_order_relaxed);
        found[count++] = (struct platform_long_call){driver, function};
    }
    pthread_mutex_unlock(&threads_mutex);
    return count;
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
    const char *driver = atomic_load_explicit(&here.driver, memory_order_relaxed);
    if (driver) {
        put(line, "driver ");
        put(line, driver);
        put(line, " ended the process in ");
        put(line, atomic_load_explicit(&here.function, memory_order_relaxed));
        put(line, ": ");
        put(line, end);
        put(line, "; ask its vendor");
        return;
    }
    put(line, "the process ends outside of any driver's call: ");
    put(line, end);
    for (int i = 0; i < DRIVERS_MAX; i++) {
        const char *loaded = atomic_load(&drivers[i]);
        if (!loaded) break;
        put(line, i == 0 ? "; loaded: " : ", ");
        put(line, loaded);
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
    if (atomic_load_explicit(&here.driver, memory_order_relaxed)) say("it called exit");
}

bool platform_announce_last_words(const char *program) {
    if (atomic_load(&is_announced)) return true;
    program_name = program;
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
