#define _GNU_SOURCE
#include "process.h"
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

bool platform_disable_core_dumps(void) {
    const struct rlimit none = {0, 0};
    int limited = setrlimit(RLIMIT_CORE, &none);
    int closed = prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    return limited == 0 && closed == 0;
}

static size_t argument_count;
static char **arguments;

// The GNU C library hands the process's own arguments to constructors. Swift's CommandLine may hold
// a copy instead, and overwriting a copy would hide nothing.
__attribute__((constructor)) static void remember_arguments(int count, char **values) {
    argument_count = count > 0 ? (size_t)count : 0;
    arguments = values;
}

size_t platform_overwrite_argument(size_t index, size_t skip) {
    if (index >= argument_count) return 0;
    size_t length = strlen(arguments[index]);
    if (skip >= length) return 0;
    memset(arguments[index] + skip, '*', length - skip);
    return length - skip;
}
